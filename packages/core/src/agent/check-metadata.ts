import { mustBe } from '../errors/must-be.ts';
import { isJsonObject } from '../wire/json.ts';

/** The API's limits on metadata (OpenAI API reference, metadata). The loop uses two of the pairs. */
const maxPairs = 16;
const maxKeyLength = 64;
const maxValueLength = 512;

/** Rejects metadata that the API would refuse: the metadata of an agent, or of an agent and a run. */
export function checkMetadata(
  owner: string,
  option: string,
  metadata: unknown = {},
  agents: unknown = {},
): void {
  mustBe(isJsonObject(metadata), owner, option, 'an object of strings');
  const all = {
    ...(isJsonObject(agents) ? agents : {}),
    ...metadata,
    longhaul_run_id: '',
    longhaul_iteration: '',
  };
  for (const [key, value] of Object.entries(all)) {
    const fits = typeof value === 'string' && key.length <= maxKeyLength && value.length <= maxValueLength;
    const what = `a string of at most ${maxValueLength} characters, with a key of at most ${maxKeyLength}`;
    mustBe(fits, owner, `${option}.${key.slice(0, maxKeyLength)}`, what);
  }
  const count = Object.keys(all).length;
  const bound = `at most ${maxPairs} pairs. With those of the agent and two of Longhaul it has ${count}`;
  mustBe(count <= maxPairs, owner, option, bound);
}
