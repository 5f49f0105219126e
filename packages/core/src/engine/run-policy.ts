import type { AgentSpec } from './agent-spec.ts';
import type { PollingOptions } from './policy/poll-delay.ts';
import { fieldsOf } from '../wire/json.ts';

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

/**
 * The window in which the server may complete a discounted background response, in milliseconds: the
 * `completion_window` of `background_options`, `'2h'` or `'8h'` (types of `openai` 7.59). Null without one.
 */
export function queueWindowOf(backgroundOptions: unknown): number | null {
  const { completion_window: window } = fieldsOf(backgroundOptions);
  const hours = /^(\d+(?:\.\d+)?)h$/.exec(typeof window === 'string' ? window : '')?.[1];
  return hours === undefined ? null : Number(hours) * 3_600_000;
}

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

/** Every run ends (I9): these bound it. A limit ends a run as `incomplete`, with its name as `error.code`. */
export interface RunLimits {
  /** Wall time of the run in milliseconds; it does not run while only a person is awaited. @default 24 h */
  readonly runMs?: number | undefined;
  /** Milliseconds that one response may stay `queued`. @default 1 h */
  readonly queuedMs?: number | undefined;
  /** Milliseconds of silence after which a stream is opened anew. @default 60 s */
  readonly streamIdleMs?: number | undefined;
  /** Calls that may fail or time out in a row. @default 5 */
  readonly consecutiveToolErrors?: number | undefined;
  /** Tokens that a run may use in all. @default none */
  readonly totalTokens?: number | undefined;
}
