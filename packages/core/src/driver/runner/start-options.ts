import { checkMetadata } from '../../agent/check-metadata.ts';
import type { Agent } from '../../agent/define-agent.ts';
import { mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { RunInput, StartOptions } from '../../run/runner.ts';
import { isJsonObject } from '../../wire/json.ts';
import { saferPlaces, secretInItems } from '../../wire/tool-secrets.ts';
import { checkLimits } from './runner-options.ts';

/** A run's id is sent as a value of metadata: as long as the API lets those be. */
const longestId = 512;

const owner = 'start';

/** @throws ConfigurationError for an id that SQLite could not look for */
export function checkRunId(asking: string, runId: unknown): void {
  mustBe(typeof runId === 'string', asking, 'runId', 'a string');
}

/** @throws ConfigurationError for what could not be sent */
export function checkStart(agent: Agent, input: RunInput, options: StartOptions): void {
  mustBeOptions(options, owner, {
    runId: 'string',
    metadata: 'any',
    context: 'any',
    limits: 'any',
    signal: 'any',
    continueFrom: 'string',
  });
  const { runId = 'none', metadata, limits, continueFrom, signal } = options;
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, owner, 'input', 'a string, or an array of input items');
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, owner, 'input', 'more than nothing, except with `continueFrom`');
  const secret = typeof input === 'string' ? undefined : secretInItems(input);
  mustBe(
    secret === undefined,
    owner,
    'input',
    `without secrets of tools, as it is saved (${secret}): ${saferPlaces}`,
  );
  const isId = runId !== '' && runId.length <= longestId;
  mustBe(isId, owner, 'runId', `a string of 1 to ${longestId} characters`);
  mustBe(signal === undefined || signal instanceof AbortSignal, owner, 'signal', 'an AbortSignal');
  checkMetadata(owner, 'metadata', metadata, agent.spec.request['metadata']);
  checkLimits(owner, limits);
}
