import type { Clock } from '../../../clock/clock.ts';
import type { DrivenRun, DrivingRunner, DrivingStartOptions } from '../../../run/driving-runner.ts';
import type { RunInput } from '../../../run/run-input.ts';
import type { ProxyStorage } from '../../limits/proxy-storage.ts';
import type { ProxyCors } from '../../options/proxy-options.ts';
import type { Principal } from '../../principal.ts';

/** The part of a runner that the handler uses. Every runner of `createRunner` has it, with any context. */
export interface ServedRunner
  extends Pick<
    DrivingRunner<unknown>,
    | 'agents'
    | 'follow'
    | 'unfollow'
    | 'resume'
    | 'list'
    | 'listThreadRuns'
    | 'listThreads'
    | 'get'
    | 'delete'
    | 'runs'
    | 'subscribe'
  > {
  start(agent: string, input: RunInput, options?: DrivingStartOptions): DrivenRun;
}

/** An operation of a visitor on a run. `decide` includes leases of calls, and resuming. */
export type RunAction = 'read' | 'decide' | 'cancel' | 'delete';

/** The run about which `may` decides. */
export interface RunOfVisitor {
  readonly owner: string;
  readonly runId: string;
  readonly agent: string;
}

/** Limits for each principal, unless stated otherwise. */
export interface RunsLimits {
  /** Runs that are started within a minute. The handler answers additional starts with 429. @default 20 */
  readonly startsPerMinute?: number;
  /**
   * Active runs, without those that wait for a person. The handler answers additional starts with 429. Several
   * processes that start runs at the same moment may exceed it. @default 8
   */
  readonly activeRuns?: number;
  /**
   * The largest body of a request, in bytes: the input of a start, or the output of a page's tool. Also the size of
   * all inputs that are added to an active run. The handler answers larger ones with 413.
   *
   * @default 6 MiB
   */
  readonly inputBytes?: number;
  /** Open streams of events in this process. The handler answers additional ones with 429. @default 10 */
  readonly streams?: number;
  /**
   * After this time, a stream of events is closed, in milliseconds. The page opens it again, so that its credentials
   * and rights are checked again. @default 10 minutes
   */
  readonly streamMs?: number;
  /** The interval of the comments that keep a stream open, in milliseconds. @default 15 s */
  readonly heartbeatMs?: number;
  /** Tokens of one run. The run ends when it has used them. @default the runner's limit */
  readonly runTokens?: number;
  /**
   * Tokens of all runs that were started in the last 24 hours. The handler answers additional starts with 429.
   * @default no limit
   */
  readonly ownerTokensPerDay?: number;
}

export interface RunsHandlerOptions<P extends Principal = Principal> {
  /** The runner that drives and shows the runs: `createRunner({ agents, store, … })`. */
  readonly runner: ServedRunner;
  /** The names of the agents that visitors may start. They must be among the runner's `agents`. */
  readonly agents: readonly string[];
  /**
   * Identifies the visitor, or returns a Response that refuses the request. It can read method, URL and headers; only
   * the handler reads the body. The returned principal, or its `id`, becomes the owner of the runs that the visitor
   * starts: at most 512 characters. If it is undefined or has an empty id, the handler answers with 401. `anonymous` is
   * refused, because all visitors would be one owner.
   *
   * @example
   * authorize: async (request) => (await sessionOf(request))?.userId ?? new Response(null, { status: 401 })
   */
  readonly authorize: (request: Request) => P | Response | Promise<P | Response>;
  /**
   * Whether a visitor may do something with a run. If not, the answer is the same as for a run that does not exist. A
   * run without an owner is visible to no visitor. @default only the owner
   *
   * @example
   * may: (user, { owner }, action) => owner === user.id || (action === 'read' && user.isSupport)
   */
  readonly may?: (principal: P, run: RunOfVisitor, action: RunAction) => boolean | Promise<boolean>;
  /**
   * Checks or changes the input that a visitor sends. It returns the input of the run, or a Response that refuses the
   * start. The handler has checked the input before: a string, or user messages of text, images and files that contain
   * their data. The returned input is not checked again, so it can have other items. Called once for each start.
   *
   * @example
   * input: async (user, input) => ((await isAllowed(input)) ? input : new Response(null, { status: 422 }))
   */
  readonly input?: (
    principal: P,
    input: RunInput,
    start: { readonly agent: string },
  ) => RunInput | Response | Promise<RunInput | Response>;
  readonly limits?: RunsLimits;
  /**
   * Whether pages see the texts of errors of the server's tools, and of the API. @default false
   */
  readonly showErrors?: boolean;
  /**
   * Whether pages see the unchanged requests to the API, with instructions and response ids. For development tools.
   * @default false
   */
  readonly showRequests?: boolean;
  /**
   * Default: none. Then only pages of the handler's own origin may call it. Programs other than browsers send no origin,
   * and are not restricted.
   */
  readonly cors?: ProxyCors;
  /** Counts the starts. Default: `memoryStorage()`, which is for one process. */
  readonly storage?: ProxyStorage;
  /**
   * Called with errors that the visitor must not receive: failures of the store, and of your own functions. It may be
   * async; its own errors are ignored.
   */
  readonly onError?: (error: unknown, request: Request) => unknown;
  readonly clock?: Clock;
}
