import { jsonCopy } from '../wire/json-copy.ts';
import { noUsage } from '../wire/usage.ts';
import type { InputItem } from '../wire/items.ts';
import type { AgentSpec } from './agent-spec.ts';
import { queueWindowOf } from './policy/queue-window.ts';
import type { RunLimits } from './policy/run-limits.ts';
import { defaultPolicy, type RunPolicy } from './run-policy.ts';
import { stateVersion, type RunState } from './run-state.ts';

/** What a new run is known by. */
export interface RunIds {
  readonly runId: string;
  /** Milliseconds since the epoch. @default 0 */
  readonly at?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** @default the defaults of `createRunner`, with the agent's `maxIterations` */
  readonly policy?: RunPolicy;
  /** The run's own, which `policy` has been made with. @default none */
  readonly limits?: RunLimits;
}

/** What the rules of a run take from its agent. */
export function policyOf(spec: AgentSpec, policy: RunPolicy = defaultPolicy): RunPolicy {
  const store = spec.request['store'];
  return {
    ...policy,
    maxIterations: spec.maxIterations,
    prepares: spec.prepares,
    structured: spec.structured,
    store: typeof store === 'boolean' ? store : null,
    queueWindowMs: queueWindowOf(spec.request['background_options']),
  };
}

/** The state of a run before its first event, `started`. */
export function initialState(spec: AgentSpec, input: string | readonly InputItem[], ids: RunIds): RunState {
  const { runId, at = 0, metadata = {}, policy, limits = {} } = ids;
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
    background: spec.background,
    policy: policyOf(spec, policy),
    limits: { ...limits },
    // The caller's own objects are not kept: what happens to them later must not happen to the run (I1).
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
    heldBackUntil: null,
    queueWindowMs: null,
    usage: noUsage,
    toolErrors: 0,
    pausedAt: null,
    pausedMs: 0,
    held: false,
    wakeAt: null,
  };
}
