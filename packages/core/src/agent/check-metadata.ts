import { mustBe } from '../errors/must-be.ts';
import { isJsonObject } from '../wire/json.ts';

/** Bounds of the API on metadata (OpenAI API reference, metadata). Two pairs are the loop's own. */
const pairs = 16;
const longestKey = 64;
const longestValue = 512;

/** Refuses metadata that the API would refuse: an agent's, or what a run adds to its agent's. */
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
    const fits = typeof value === 'string' && key.length <= longestKey && value.length <= longestValue;
    const what = `a string of at most ${longestValue} characters, its key of ${longestKey}`;
    mustBe(fits, owner, `${option}.${key.slice(0, longestKey)}`, what);
  }
  const count = Object.keys(all).length;
  const bound = `at most ${pairs} pairs; with the agent's own and two of Longhaul's it has ${count}`;
  mustBe(count <= pairs, owner, option, bound);
}
