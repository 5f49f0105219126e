import type { Agent } from '../agent/define-agent.ts';
import { isOptional, mustBe } from '../errors/must-be.ts';
import type { RunInput, StartOptions } from '../run/runner.ts';
import { fieldsOf, isJsonObject } from '../wire/json.ts';
import { checkLimits } from './runner-options.ts';

/** Bounds of the API on metadata (OpenAI API reference, metadata). Two pairs are the loop's own. */
const pairs = 16;
const longestKey = 64;
const longestValue = 512;

const owner = 'start';

function checkMetadata(metadata: unknown = {}, own: unknown): void {
  mustBe(isJsonObject(metadata), owner, 'metadata', 'an object of strings');
  const all = { ...fieldsOf(own), ...metadata, longhaul_run_id: '', longhaul_iteration: '' };
  for (const [key, value] of Object.entries(all)) {
    const option = `metadata.${key.slice(0, longestKey)}`;
    const fits = typeof value === 'string' && key.length <= longestKey && value.length <= longestValue;
    mustBe(fits, owner, option, `a string of at most ${longestValue} characters, its key of ${longestKey}`);
  }
  const count = Object.keys(all).length;
  const bound = `at most ${pairs} pairs, as the API takes no more; with the agent's own and two of Longhaul's it has ${count}`;
  mustBe(count <= pairs, owner, 'metadata', bound);
}

/** @throws ConfigurationError for what could not be sent */
export function checkStart(agent: Agent, input: RunInput, options: StartOptions): void {
  const { runId = 'none', metadata, limits, continueFrom, signal } = options;
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, owner, 'input', 'a string, or an array of input items');
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, owner, 'input', 'more than nothing, which nobody can answer, except with `continueFrom`');
  const isId = typeof runId === 'string' && runId !== '' && runId.length <= longestValue;
  mustBe(isId, owner, 'runId', `a string of 1 to ${longestValue} characters`);
  mustBe(isOptional(continueFrom, 'string'), owner, 'continueFrom', 'the id of a run');
  mustBe(signal === undefined || signal instanceof AbortSignal, owner, 'signal', 'an AbortSignal');
  checkMetadata(metadata, agent.spec.request['metadata']);
  checkLimits(owner, limits);
}
