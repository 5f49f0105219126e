import { defined } from '../wire/defined.ts';
import { jsonCopy } from '../wire/json.ts';
import { noUsage } from '../wire/usage.ts';
import type { InputItem } from '../wire/items.ts';
import { inputText } from './input-text.ts';
import { specOf, type AgentLike } from './agent-spec.ts';
import { policyOf, type RunLimits, type RunPolicy } from './run-policy.ts';
import { stateVersion, type RunState } from './run-state.ts';

/** A new run's id, and its fixed settings. */
export interface NewRunOptions {
  readonly runId: string;
  /** Milliseconds since the epoch. @default 0 */
  readonly at?: number;
  /** The person or tenant that the run belongs to. @default none */
  readonly owner?: string;
  /** The conversation of the run. @default the thread of the continued run; without one, the run's own id */
  readonly threadId?: string;
  /** The run whose conversation this run continues. @default none */
  readonly continues?: string;
  /** A title for lists. @default none */
  readonly title?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** @default the defaults of `createRunner`, with the agent's `maxIterations` */
  readonly policy?: RunPolicy;
  /** The run's own limits, which `policy` already contains. @default none */
  readonly limits?: RunLimits;
  /** Metadata from a source that is not trusted. Never sent. */
  readonly untrusted?: Readonly<Record<string, string>>;
  readonly requestHash?: string;
}

/**
 * The state of a run before its first event, `started`.
 *
 * @example const state = initialState(agent, 'Should I take an umbrella?', { runId: 'run_1' });
 */
export function initialState(
  agent: AgentLike,
  input: string | readonly InputItem[],
  options: NewRunOptions,
): RunState {
  const { runId, at = 0, metadata = {}, policy, limits = {}, owner, untrusted, requestHash } = options;
  const { continues, title } = options;
  // The thread of a continued run is known when that run is loaded.
  const threadId = options.threadId ?? (continues === undefined ? runId : undefined);
  const spec = specOf(agent);
  return {
    version: stateVersion,
    runId,
    agent: spec.name,
    status: spec.background ? 'queued' : 'in_progress',
    revision: 0,
    createdAt: at,
    updatedAt: at,
    clock: { startedAt: at, skewMs: 0, gapMs: 0 },
    epoch: 0,
    metadata: { ...metadata },
    ...defined({ owner, untrusted: untrusted && { ...untrusted }, requestHash }),
    ...defined({ threadId, continues, title, inputText: inputText(input) }),
    background: spec.background,
    policy: policyOf(spec, policy),
    limits: { ...limits },
    // The input is copied, because later changes of the caller's objects must not change the run (I1).
    phase: { type: 'starting', input: typeof input === 'string' ? input : jsonCopy(input) },
    iteration: 0,
    iterationStartedAt: at,
    attempts: [],
    strategy: 'first',
    trouble: null,
    previousResponseId: null,
    otherPreviousId: null,
    stored: null,
    backgroundIgnored: false,
    refusesEncryptedReasoning: false,
    refusesStreams: false,
    bufferedUntil: null,
    queueWindowMs: null,
    usage: noUsage,
    toolErrors: 0,
    pausedAt: null,
    pausedMs: 0,
    draining: false,
    wakeAt: null,
  };
}
