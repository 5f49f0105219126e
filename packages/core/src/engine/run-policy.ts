import type { AgentSpec } from './agent-spec.ts';
import type { PollingOptions } from './policy/poll-delay.ts';
import { fieldsOf } from '../wire/json.ts';

/** The rules of a run, as plain data. They are taken from the runner and the agent at the start and at each resume. */
export interface RunPolicy {
  /** `auto`: stream, and poll if streaming does not work. */
  readonly mode: 'auto' | 'poll' | 'stream';
  /** `auto`: chain, and replay if the server refuses to chain. */
  readonly continuation: 'auto' | 'chain' | 'replay';
  readonly polling: PollingOptions;
  readonly runMs: number;
  readonly queuedMs: number;
  /**
   * Whether the user has set these options. The default limits are extended by the window of `background_options`, and
   * the default of `polling.maxMs` while webhooks arrive.
   */
  readonly chosen: { readonly runMs: boolean; readonly queuedMs: boolean; readonly pollingMaxMs?: boolean };
  /** The completion window of the agent's request (`background_options.completion_window`), in milliseconds. */
  readonly queueWindowMs: number | null;
  readonly consecutiveToolErrors: number;
  readonly totalTokens: number | null;
  readonly maxIterations: number;
  readonly onUnknownCreate: 'retry' | 'fail';
  /** The number of calls that may run at the same time. */
  readonly toolConcurrency: number;
  /** Whether `prepareRequest` is called before each create. */
  readonly prepares: boolean;
  /** Whether the final text is parsed as structured output. */
  readonly structured: boolean;
  /** The `store` of the agent's request, if it has one. */
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
 * `completion_window` of `background_options`, `'2h'` or `'8h'` (types of `openai` 7.59). Null if the request has no
 * window.
 */
export function queueWindowOf(backgroundOptions: unknown): number | null {
  const { completion_window: window } = fieldsOf(backgroundOptions);
  const hours = /^(\d+(?:\.\d+)?)h$/.exec(typeof window === 'string' ? window : '')?.[1];
  return hours === undefined ? null : Number(hours) * 3_600_000;
}

/** The policy of the runner, with the settings of the agent. */
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

/**
 * The limits of a run, so that no run is driven forever (I9). Each limit except `streamIdleMs` ends the run as
 * `incomplete`. docs/errors.md lists their `error.code`, for example `run_timeout` for `runMs`.
 */
export interface RunLimits {
  /**
   * Wall time of the run in milliseconds, without the time in which it only waits for a person. The default does not
   * count the time in which a response with a completion window is queued. @default 24 h
   */
  readonly runMs?: number | undefined;
  /**
   * The time that one response may stay `queued`, in milliseconds.
   * @default 1 h, plus the completion window if the request has one
   */
  readonly queuedMs?: number | undefined;
  /** The time without data after which a stream is reopened, in milliseconds. @default 60 s */
  readonly streamIdleMs?: number | undefined;
  /** The run ends after this number of calls in a row that fail or time out. @default 5 */
  readonly consecutiveToolErrors?: number | undefined;
  /** The run ends if it has used this number of tokens and the model still calls tools. @default no limit */
  readonly totalTokens?: number | undefined;
}
