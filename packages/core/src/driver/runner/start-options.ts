import { checkMetadata } from '../../agent/check-metadata.ts';
import type { Agent } from '../../agent/define-agent.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { DrivingStartOptions } from '../../run/driving-runner.ts';
import { checkInput } from '../../run/run-input.ts';
import { refuseSecrets } from '../../run/saved-secrets.ts';
import type { RunInput } from '../../run/run-input.ts';
import { isJsonObject } from '../../wire/json.ts';
import { checkLimits } from './runner-options.ts';

/** The maximum length of a run's id. The id is sent as a metadata value, whose length the API limits. */
const longestId = 512;
/** The maximum length of a run's owner. Each save contains the owner, and stores have an index of it. */
const longestOwner = 512;
/** The maximum length of a thread's id. It may be the id of a run. */
const longestThreadId = longestId;
/** The maximum length of a title. Each save contains the title. */
const longestTitle = 200;

const asking = 'start';

/** @throws ConfigurationError for an id that is not a string. SQLite cannot search for such an id. */
export function checkRunId(caller: string, runId: unknown): void {
  mustBe(typeof runId === 'string', caller, 'runId', 'a string');
}

export function checkOwner(caller: string, owner: unknown): void {
  const isOwner = typeof owner === 'string' && owner !== '' && owner.length <= longestOwner;
  mustBe(isOwner, caller, 'owner', `a string of 1 to ${longestOwner} characters`);
}

/** @throws ConfigurationError if a run is given another thread than that of the run that it continues */
export function checkThread(continueFrom: string, threadId: string, given: string | undefined): void {
  if (given === undefined || given === threadId) return;
  const message = `threadId: run ${continueFrom} belongs to thread ${JSON.stringify(threadId)}, not to ${JSON.stringify(given)}. A run has the thread of the run that it continues, so omit \`threadId\`.`;
  throw new ConfigurationError(message, { option: 'threadId' });
}

/**
 * The options with the thread of the continued run, if this runner has that run.
 *
 * @throws ConfigurationError if another thread is given
 */
export function withThread(
  options: DrivingStartOptions,
  threadOfContinued: string | undefined,
): DrivingStartOptions {
  if (threadOfContinued === undefined) return options;
  checkThread(options.continueFrom ?? '', threadOfContinued, options.threadId);
  return { ...options, threadId: threadOfContinued };
}

/** @throws ConfigurationError for input or options that cannot be sent */
export function checkStart(agent: Agent, input: RunInput, options: DrivingStartOptions): void {
  mustBeOptions(options, asking, {
    runId: 'string',
    owner: 'string',
    metadata: 'any',
    context: 'any',
    limits: 'any',
    signal: 'any',
    continueFrom: 'string',
    threadId: 'string',
    title: 'string',
    untrusted: 'any',
    requestHash: 'string',
    watched: 'any',
  });
  const { runId = 'none', owner = 'none', metadata, limits, continueFrom, signal } = options;
  const { untrusted, threadId = 'none', title = 'none' } = options;
  checkInput(asking, input);
  refuseSecrets(asking, input);
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, asking, 'input', 'not empty, except with `continueFrom`');
  const isId = runId !== '' && runId.length <= longestId;
  mustBe(isId, asking, 'runId', `a string of 1 to ${longestId} characters`);
  checkOwner(asking, owner);
  const isThreadId = threadId !== '' && threadId.length <= longestThreadId;
  mustBe(isThreadId, asking, 'threadId', `a string of 1 to ${longestThreadId} characters`);
  const isTitle = title !== '' && title.length <= longestTitle;
  mustBe(isTitle, asking, 'title', `a string of 1 to ${longestTitle} characters`);
  mustBe(signal === undefined || signal instanceof AbortSignal, asking, 'signal', 'an AbortSignal');
  checkMetadata(asking, 'metadata', metadata, agent.spec.request['metadata']);
  checkLimits(asking, limits);
  const isMetadata =
    isJsonObject(untrusted) && Object.values(untrusted).every((one) => typeof one === 'string');
  mustBe(untrusted === undefined || isMetadata, asking, 'untrusted', 'an object of strings');
}
