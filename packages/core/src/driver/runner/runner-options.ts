import type { Agent } from '../../agent/define-agent.ts';
import type { ResponsesClient } from '../../client/responses-client.ts';
import type { Clock } from '../../clock/clock.ts';
import { mustBeClock } from '../../clock/must-be-clock.ts';
import type { PollingOptions } from '../../engine/policy/poll-delay.ts';
import { defaultPolicy, type RunLimits, type RunPolicy } from '../../engine/run-policy.ts';
import { hasMethods, isObject, mustBe, mustBeOptions } from '../../errors/must-be.ts';
import type { ContextRequest } from '../../run/driving-runner.ts';
import type { RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { PollingContext } from '../loop-setup.ts';

export interface RunnerOptions<Context = unknown> {
  /** An `OpenAI` instance, or `fetchClient(…)`. The client's retries are turned off, because the loop retries. */
  readonly client: ResponsesClient;
  /** The agents that `start`, `resume` and `resumeAll` find by name. */
  readonly agents?: readonly Agent[] | undefined;
  /** The store that saves the runs. @default memoryStore() */
  readonly store?: RunStore | undefined;
  /** `auto` streams, and polls if streaming does not work. @default 'auto' */
  readonly mode?: 'auto' | 'poll' | 'stream' | undefined;
  /**
   * `auto` chains by `previous_response_id`, and sends the whole conversation if chaining does not work.
   * @default 'auto'
   */
  readonly continuation?: 'auto' | 'chain' | 'replay' | undefined;
  /**
   * The delay between two polls of a pending response. A function returns milliseconds, at least 100. The server's own
   * delay (`openai-poll-after-ms`, `Retry-After`) takes precedence, between `minMs` (at least 100) and an hour. While
   * webhooks arrive (`createWebhookHandler`), delays are longer, up to 15 minutes, but not longer than a given `maxMs`,
   * and not if this is a function.
   *
   * @default { minMs: 1000, maxMs: 30000, fraction: 0.05 }
   */
  readonly polling?: Partial<PollingOptions> | ((context: PollingContext) => number) | undefined;
  readonly limits?: RunLimits | undefined;
  /** The reaction to a create whose answer was lost: send it once more, with a warning, or fail. @default 'retry' */
  readonly onUnknownCreate?: 'retry' | 'fail' | undefined;
  readonly tools?:
    | {
        /** The number of calls of one run that may execute at the same time. @default 8 */
        readonly concurrency?: number | undefined;
        /** The time limit of one execution, for tools without `timeoutMs`, in milliseconds. @default no limit */
        readonly timeoutMs?: number | undefined;
      }
    | undefined;
  /**
   * Returns the context of runs that are started or resumed without one: a user, a database. It is called before a run
   * starts, each time this runner begins to drive a saved run, and again after a run has waited for a person. While it
   * throws, it is called again for a minute. `undefined` means that there is no context. A run that was started with a
   * context is not driven without one (`context_missing`).
   */
  readonly context?: ((request: ContextRequest) => Context | PromiseLike<Context>) | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
  /** Returns a number between 0 and 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

export function checkLimits(who: string, limits: RunLimits = {}): void {
  const kinds = {
    runMs: 'number',
    queuedMs: 'number',
    streamIdleMs: 'number',
    consecutiveToolErrors: 'number',
    totalTokens: 'number',
  } as const;
  mustBeOptions(limits, who, kinds, 'limits');
}

/** The polling options. If only one bound is set, the default of the other bound is adapted to it. */
function pollingOf({ polling }: RunnerOptions): PollingOptions {
  const given = typeof polling === 'object' ? polling : {};
  const { polling: usual } = defaultPolicy;
  const { fraction = usual.fraction, minMs = Math.min(usual.minMs, given.maxMs ?? usual.minMs) } = given;
  return { minMs, maxMs: given.maxMs ?? Math.max(minMs, usual.maxMs), fraction };
}

/** @throws ConfigurationError for invalid options. The message names the option. */
export function checkRunnerOptions(
  options: RunnerOptions,
  owner: string = 'createRunner',
  others: Readonly<Record<string, 'any'>> = {},
): void {
  const { client, store, polling = {}, tools = {}, agents = [] } = options ?? {};
  const isClient = hasMethods(client?.responses, ['create', 'retrieve', 'cancel']);
  const clients =
    '`new OpenAI()`, `fetchClient({ baseURL })`, or what has responses.create, retrieve and cancel';
  mustBe(isClient, owner, 'client', clients);
  mustBeOptions(options, owner, {
    client: 'any',
    agents: 'any',
    store: 'any',
    mode: ['auto', 'poll', 'stream'],
    continuation: ['auto', 'chain', 'replay'],
    polling: 'any',
    limits: 'any',
    onUnknownCreate: ['retry', 'fail'],
    tools: 'any',
    context: 'function',
    clock: 'any',
    random: 'function',
    ...others,
  });
  const isStore = store === undefined || hasMethods(store, ['load', 'commit', 'list', 'delete']);
  mustBe(isStore, owner, 'store', 'a RunStore: load, commit, list and delete');
  mustBe(Array.isArray(agents), owner, 'agents', 'an array of agents');
  if (typeof polling !== 'function') {
    mustBeOptions(polling, owner, { minMs: 'number', maxMs: 'number', fraction: 'number' }, 'polling');
    const { minMs, maxMs } = pollingOf(options);
    mustBe(minMs <= maxMs, owner, 'polling.minMs', 'at most `polling.maxMs`');
  }
  const names = agents.map((agent) => agent?.name);
  mustBe(
    agents.every((agent) => isObject(agent?.spec)),
    owner,
    'agents',
    'agents that defineAgent(…) made',
  );
  mustBe(new Set(names).size === names.length, owner, 'agents', 'agents with different names');
  mustBeClock(options.clock, owner);
  checkLimits(owner, options.limits);
  mustBeOptions(tools, owner, { concurrency: 'number', timeoutMs: 'number' }, 'tools');
}

/** The policy of this runner's runs. */
export function runPolicy(options: RunnerOptions, limits: RunLimits = {}): RunPolicy {
  const { mode, continuation, onUnknownCreate, tools } = options;
  const { runMs, queuedMs, consecutiveToolErrors, totalTokens } = { ...options.limits, ...defined(limits) };
  return {
    ...defaultPolicy,
    ...defined({ mode, continuation, onUnknownCreate, toolConcurrency: tools?.concurrency }),
    ...defined({ runMs, queuedMs, consecutiveToolErrors, totalTokens }),
    chosen: {
      runMs: runMs !== undefined,
      queuedMs: queuedMs !== undefined,
      pollingMaxMs: typeof options.polling === 'object' && options.polling.maxMs !== undefined,
    },
    polling: pollingOf(options),
  };
}
