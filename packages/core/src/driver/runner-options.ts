import type { Agent } from '../agent/define-agent.ts';
import type { ResponsesClient } from '../client/responses-client.ts';
import type { Clock } from '../clock/clock.ts';
import type { PollingOptions } from '../engine/policy/poll-delay.ts';
import type { RunLimits } from '../engine/policy/run-limits.ts';
import { defaultPolicy, type RunPolicy } from '../engine/run-policy.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { RunStore } from '../store/run-store.ts';
import type { PollingContext } from './loop-setup.ts';

export interface RunnerOptions {
  /** An `OpenAI` instance, or `fetchClient(…)`. Retries of the client are switched off: the loop has its own. */
  readonly client: ResponsesClient;
  /** Known by name, for `start`, `resume` and `resumeAll`. */
  readonly agents?: readonly Agent[];
  /** Where runs are saved. @default memoryStore() */
  readonly store?: RunStore;
  /** `auto` streams, and polls where that does not work. @default 'auto' */
  readonly mode?: 'auto' | 'poll' | 'stream';
  /** `auto` chains by `previous_response_id`, and sends the whole conversation where that does not work. @default 'auto' */
  readonly continuation?: 'auto' | 'chain' | 'replay';
  /**
   * How often a pending response is asked for. A function gives milliseconds, which are taken as they are.
   *
   * @default { minMs: 1000, maxMs: 30000, fraction: 0.05 }
   */
  readonly polling?: Partial<PollingOptions> | ((context: PollingContext) => number);
  readonly limits?: RunLimits;
  /** What to do when a create was sent and its answer lost: send it once more, with a warning, or fail. @default 'retry' */
  readonly onUnknownCreate?: 'retry' | 'fail';
  readonly tools?: {
    /** Calls of one run that may execute at once. @default 8 */
    readonly concurrency?: number;
    /** Milliseconds that one execution may take, where the tool says nothing itself. @default none */
    readonly timeoutMs?: number;
  };
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Between 0 and 1. @default Math.random */
  readonly random?: () => number;
}

function fail(message: string, option: string): never {
  throw new ConfigurationError(message, { option });
}

function oneOf(option: string, value: unknown, known: readonly string[]): void {
  if (value !== undefined && !known.some((one) => one === value)) {
    fail(
      `\`${option}\` must be one of ${known.map((one) => `'${one}'`).join(', ')}; it is ${JSON.stringify(value)}.`,
      option,
    );
  }
}

function positive(option: string, value: unknown, least = 0): void {
  if (value !== undefined && !(typeof value === 'number' && value > least)) {
    fail(`\`${option}\` must be a number above ${least}; it is ${String(value)}.`, option);
  }
}

const limitNames = ['runMs', 'queuedMs', 'streamIdleMs', 'consecutiveToolErrors', 'totalTokens'] as const;

export function checkLimits(limits: RunLimits | undefined): void {
  if (limits === undefined) return;
  if (typeof limits !== 'object' || limits === null) fail('`limits` must be an object.', 'limits');
  for (const name of limitNames) positive(`limits.${name}`, limits[name]);
}

/** @throws ConfigurationError that names the option, for options that cannot work */
export function checkRunnerOptions(options: RunnerOptions): void {
  const { client, store, polling, tools, agents } = options ?? {};
  const responses: Partial<ResponsesClient['responses']> | undefined = client?.responses;
  if (
    !['create', 'retrieve', 'cancel'].every((method) => typeof responses?.[method as 'create'] === 'function')
  ) {
    fail(
      'createRunner needs a `client` with responses.create, retrieve and cancel: `new OpenAI()`, or `fetchClient({ baseURL })`.',
      'client',
    );
  }
  oneOf('mode', options.mode, ['auto', 'poll', 'stream']);
  oneOf('continuation', options.continuation, ['auto', 'chain', 'replay']);
  oneOf('onUnknownCreate', options.onUnknownCreate, ['retry', 'fail']);
  if (
    store !== undefined &&
    (['load', 'commit', 'list', 'delete'] as const).some((method) => typeof store[method] !== 'function')
  ) {
    fail('`store` must be a RunStore: load, commit, list and delete.', 'store');
  }
  if (agents !== undefined && !Array.isArray(agents)) fail('`agents` must be an array of agents.', 'agents');
  if (typeof polling === 'object') {
    positive('polling.minMs', polling.minMs);
    positive('polling.maxMs', polling.maxMs);
    positive('polling.fraction', polling.fraction);
    const { minMs = defaultPolicy.polling.minMs, maxMs = Math.max(minMs, defaultPolicy.polling.maxMs) } =
      polling;
    if (minMs > maxMs) fail('`polling.minMs` must not be greater than `polling.maxMs`.', 'polling');
  } else if (polling !== undefined && typeof polling !== 'function') {
    fail('`polling` must be an object, or a function that gives milliseconds.', 'polling');
  }
  checkLimits(options.limits);
  positive('tools.concurrency', tools?.concurrency);
  positive('tools.timeoutMs', tools?.timeoutMs);
}

/** The rules that runs of this runner are driven by. */
export function runPolicy(options: RunnerOptions, limits: RunLimits = {}): RunPolicy {
  const { runMs, queuedMs, consecutiveToolErrors, totalTokens } = { ...options.limits, ...limits };
  const polling = typeof options.polling === 'object' ? options.polling : {};
  const minMs =
    polling.minMs ?? Math.min(defaultPolicy.polling.minMs, polling.maxMs ?? Number.POSITIVE_INFINITY);
  return {
    ...defaultPolicy,
    mode: options.mode ?? defaultPolicy.mode,
    continuation: options.continuation ?? defaultPolicy.continuation,
    polling: {
      minMs,
      maxMs: polling.maxMs ?? Math.max(minMs, defaultPolicy.polling.maxMs),
      fraction: polling.fraction ?? defaultPolicy.polling.fraction,
    },
    runMs: runMs ?? defaultPolicy.runMs,
    queuedMs: queuedMs ?? defaultPolicy.queuedMs,
    consecutiveToolErrors: consecutiveToolErrors ?? defaultPolicy.consecutiveToolErrors,
    totalTokens: totalTokens ?? defaultPolicy.totalTokens,
    onUnknownCreate: options.onUnknownCreate ?? defaultPolicy.onUnknownCreate,
    toolConcurrency: options.tools?.concurrency ?? defaultPolicy.toolConcurrency,
  };
}
