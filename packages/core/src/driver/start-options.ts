import type { Agent } from '../agent/define-agent.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { RunInput, StartOptions } from '../run/runner.ts';
import { isJsonObject } from '../wire/json.ts';
import { checkLimits } from './runner-options.ts';

/** Bounds of the API on metadata (OpenAI API reference, metadata). Two pairs are the loop's own. */
const pairs = 16;
const longestKey = 64;
const longestValue = 512;

function fail(message: string, option: string): never {
  throw new ConfigurationError(`start: ${message}`, { option });
}

function checkMetadata(metadata: unknown, own: unknown): void {
  const all: Record<string, unknown> = {
    ...(isJsonObject(own) ? own : {}),
    ...(isJsonObject(metadata) ? metadata : {}),
  };
  if (metadata !== undefined && !isJsonObject(metadata))
    fail('`metadata` must be an object of strings.', 'metadata');
  for (const [key, value] of Object.entries(all)) {
    if (typeof value !== 'string') fail(`\`metadata.${key}\` must be a string.`, 'metadata');
    if (key.length > longestKey || value.length > longestValue) {
      fail(
        `\`metadata.${key.slice(0, longestKey)}\` is too long: keys have at most ${longestKey}, values ${longestValue} characters.`,
        'metadata',
      );
    }
  }
  const count = new Set([...Object.keys(all), 'longhaul_run_id', 'longhaul_iteration']).size;
  if (count > pairs) {
    fail(
      `\`metadata\` has ${count} pairs with the agent's own and the two of Longhaul; the API takes ${pairs}.`,
      'metadata',
    );
  }
}

/** @throws ConfigurationError for what could not be sent */
export function checkStart(agent: Agent, input: RunInput, options: StartOptions): void {
  const { runId, metadata, limits, continueFrom, signal } = options;
  const isList = Array.isArray(input) && input.every(isJsonObject);
  if (typeof input !== 'string' && !isList)
    fail('`input` must be a string, or an array of input items.', 'input');
  if (input.length === 0 && continueFrom === undefined)
    fail('`input` is empty: there is nothing to answer.', 'input');
  if (runId !== undefined && (typeof runId !== 'string' || runId === '' || runId.length > longestValue)) {
    fail(`\`runId\` must be a string of 1 to ${longestValue} characters.`, 'runId');
  }
  if (continueFrom !== undefined && typeof continueFrom !== 'string')
    fail('`continueFrom` must be the id of a run.', 'continueFrom');
  if (signal !== undefined && !(signal instanceof AbortSignal))
    fail('`signal` must be an AbortSignal.', 'signal');
  checkMetadata(metadata, agent.spec.request['metadata']);
  checkLimits(limits);
}
