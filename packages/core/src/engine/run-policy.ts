import type { AgentSpec } from './agent-spec.ts';
import type { PollingOptions } from './policy/poll-delay.ts';
import { queueWindowOf } from './policy/queue-window.ts';

/** The rules that a run is driven by: plain data, taken from the runner and the agent at start and at each resume. */
export interface RunPolicy {
  /** `auto`: stream, and poll where that does not work. */
  readonly mode: 'auto' | 'poll' | 'stream';
  /** `auto`: chain, and replay where the server refuses that. */
  readonly continuation: 'auto' | 'chain' | 'replay';
  readonly polling: PollingOptions;
  readonly runMs: number;
  readonly queuedMs: number;
  /** Which of these two were chosen by the user: a default makes room for the window of `background_options`. */
  readonly chosen: { readonly runMs: boolean; readonly queuedMs: boolean };
  /** The window that the agent's request grants the server (`background_options.completion_window`), in milliseconds. */
  readonly queueWindowMs: number | null;
  readonly consecutiveToolErrors: number;
  readonly totalTokens: number | null;
  readonly maxIterations: number;
  readonly onUnknownCreate: 'retry' | 'fail';
  /** Calls that may run at once. */
  readonly toolConcurrency: number;
  /** Whether `prepareRequest` is asked before each create. */
  readonly prepares: boolean;
  /** Whether the final text is parsed as structured output. */
  readonly structured: boolean;
  /** The `store` that the agent's request asks for, where it does. */
  readonly store: boolean | null;
}

export const defaultPolicy: RunPolicy = Object.freeze({
  mode: 'auto',
  continuation: 'auto',
  polling: Object.freeze({ minMs: 1_000, maxMs: 30_000, fraction: 0.05 }),
  runMs: 24 * 3_600_000,
  queuedMs: 3_600_000,
  chosen: Object.freeze({ runMs: false, queuedMs: false }),
  queueWindowMs: null,
  consecutiveToolErrors: 5,
  totalTokens: null,
  maxIterations: 20,
  onUnknownCreate: 'retry',
  toolConcurrency: 8,
  prepares: false,
  structured: false,
  store: null,
});

/** The runner's rules, with those that the agent sets. */
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
