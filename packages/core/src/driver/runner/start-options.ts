import { checkMetadata } from '../../agent/check-metadata.ts';
import type { Agent } from '../../agent/define-agent.ts';
import { mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { RunInput, StartOptions } from '../../run/runner.ts';
import { isJsonObject } from '../../wire/json.ts';
import { saferPlaces, secretInItems } from '../../wire/tool-secrets.ts';
import { checkLimits } from './runner-options.ts';

/** The maximum length of a run's id. The id is sent as a metadata value, whose length the API limits. */
const longestId = 512;
/** The maximum length of a run's owner. Each save contains the owner, and stores have an index of it. */
const longestOwner = 512;

const owner = 'start';

/** @throws ConfigurationError for an id that is not a string. SQLite cannot search for such an id. */
export function checkRunId(asking: string, runId: unknown): void {
  mustBe(typeof runId === 'string', asking, 'runId', 'a string');
}

/** @throws ConfigurationError for input or options that cannot be sent */
export function checkStart(agent: Agent, input: RunInput, options: StartOptions): void {
  mustBeOptions(options, owner, {
    runId: 'string',
    owner: 'string',
    metadata: 'any',
    context: 'any',
    limits: 'any',
    signal: 'any',
    continueFrom: 'string',
  });
  const { runId = 'none', owner: runOwner = 'none', metadata, limits, continueFrom, signal } = options;
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, owner, 'input', 'a string, or an array of input items');
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, owner, 'input', 'not empty, except with `continueFrom`');
  const secret = typeof input === 'string' ? undefined : secretInItems(input);
  mustBe(
    secret === undefined,
    owner,
    'input',
    `without secrets of tools, because it is saved (${secret}): ${saferPlaces}`,
  );
  const isId = runId !== '' && runId.length <= longestId;
  mustBe(isId, owner, 'runId', `a string of 1 to ${longestId} characters`);
  const isOwner = runOwner !== '' && runOwner.length <= longestOwner;
  mustBe(isOwner, owner, 'owner', `a string of 1 to ${longestOwner} characters`);
  mustBe(signal === undefined || signal instanceof AbortSignal, owner, 'signal', 'an AbortSignal');
  checkMetadata(owner, 'metadata', metadata, agent.spec.request['metadata']);
  checkLimits(owner, limits);
}
