import type { ContextOf } from '../agent/agent-types.ts';
import type { AgentRef } from '../agent/agent-ref.ts';
import type { Agent } from '../agent/define-agent.ts';
import type { Decision } from '../engine/decision.ts';
import type { RunSnapshot, ThreadRun } from '../store/run-store.ts';
import type { Run } from './run.ts';
import type { RunInput } from './run-input.ts';
import type { DeleteOptions, ResumeOptions, Runner, StartOptions } from './runner.ts';

/** The permission of one page to execute a call of a tool without `execute`. */
export interface CallLease {
  readonly leaseId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A run of a runner that drives runs. */
export interface DrivenRun<A extends AgentRef = AgentRef> extends Run<A> {
  /** The owner that `start` or `assignOwner` has set. */
  readonly owner: string | undefined;
  /** The hash that `start` was given. */
  readonly requestHash: string | undefined;
  /** The last saved state as plain JSON, to resume the run with another store. */
  snapshot(): RunSnapshot;
  /**
   * Whether exactly these decisions were already made for calls of this iteration, by any person. A run remembers the
   * decisions of its last two iterations.
   *
   * @throws DecisionError for an invalid decision
   */
  hasDecided(decisions: readonly Decision[], iteration: number): Promise<boolean>;
  /**
   * Leases a call that waits for an output, for 30 s, so that at most one page executes it. While the lease is valid,
   * only decisions with its `leaseId` apply to the call. When it expires, a call of an idempotent tool waits for an
   * output again, and any other call settles as `interrupted` (I6). The lease is saved when this resolves.
   *
   * @param leaseId A lease to renew. @default a new lease
   * @throws DecisionError while another lease is valid, or if the call does not wait for an output
   */
  lease(callId: string, leaseId?: string): Promise<CallLease>;
}

/** The run for which `context` is asked. */
export interface ContextRequest {
  readonly runId: string;
  readonly agent: string;
  readonly owner: string | undefined;
  /** The metadata that `start` was given. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Metadata of a visitor. Its values are not checked, and never sent to the API. */
  readonly untrusted: Readonly<Record<string, string>>;
}

/** The context of a runner without a `context` function. */
export interface NoContext {
  readonly '~none': never;
}

type Optional<Options> = readonly [options?: Options];
type WithContext<A extends AgentRef> = readonly [
  options: DrivingStartOptions<A> & { readonly context: ContextOf<A> },
];

/** `context` is required if a tool of the agent declares one that the runner does not provide. */
type StartArguments<A extends AgentRef, Provided> =
  unknown extends ContextOf<A>
    ? Optional<DrivingStartOptions<A>>
    : Provided extends ContextOf<A>
      ? Optional<DrivingStartOptions<A>>
      : WithContext<A>;

export interface DrivingStartOptions<A extends AgentRef = AgentRef> extends StartOptions<A> {
  /** Metadata from a source that is not trusted, such as a visitor. `context` receives it. It is never sent. */
  readonly untrusted?: Readonly<Record<string, string>> | undefined;
  /**
   * A page will show the run immediately, so its first response is streamed. Only `queueRunner` needs to know it before
   * the page follows the run.
   *
   * @default false
   */
  readonly watched?: boolean | undefined;
  /** A hash of the request that starts the run. It is saved, so that a server recognizes a repeated request. */
  readonly requestHash?: string | undefined;
}

export interface DrivingDeleteOptions extends DeleteOptions {
  /**
   * Called for each run after the deleted one, before anything is deleted. If it throws, nothing is deleted, and
   * `delete` rejects with its error. A server checks the rights of a visitor here.
   */
  readonly check?: ((run: ThreadRun) => void | PromiseLike<void>) | undefined;
}

/**
 * A runner that drives runs in its process, as `createRunner` returns it.
 *
 * `Provided`: the type of the context that the runner's `context` function returns.
 */
export interface DrivingRunner<Provided = NoContext> extends Runner {
  /** The agents that `createRunner` was given. */
  readonly agents: readonly Agent[];
  start<A extends AgentRef>(agent: A, input: RunInput, ...options: StartArguments<A, Provided>): DrivenRun<A>;
  start(agent: string, input: RunInput, options?: DrivingStartOptions): DrivenRun;
  /** Resumes a saved run, or a snapshot of a run that is not in the store. */
  resume<A extends AgentRef>(
    agent: A,
    from: string | RunSnapshot,
    options?: ResumeOptions<A>,
  ): Promise<DrivenRun<A>>;
  resume(agent: string, from: string | RunSnapshot, options?: ResumeOptions): Promise<DrivenRun>;
  resumeAll(): Promise<DrivenRun[]>;
  follow(runId: string): Promise<DrivenRun>;
  /** Ends one `follow`. After the last one, this runner stops following the run, unless it may drive the run. */
  unfollow(runId: string): void;
  /** Sets the owner of a run, for example of a run that was saved before runs had owners. */
  assignOwner(runId: string, owner: string): Promise<void>;
  delete(runId: string, options?: DrivingDeleteOptions): Promise<void>;
  /**
   * A webhook says that this response has ended. The run that waits for it asks the API soon, in the process that drives
   * it; a run that no process drives is driven here, as after any message. If no run waits for the response, the store
   * remembers the webhook for 72 hours, because the id may not be saved yet. `createWebhookHandler` calls this.
   *
   * A store without `findByResponse` is searched with `list`. Without `rememberWebhook`, nothing is remembered.
   *
   * @returns whether a run waits for the response
   * @throws StoreError if the store fails. Call it again, as OpenAI does after an error.
   */
  wakeResponse(responseId: string): Promise<boolean>;
  get(runId: string): DrivenRun | undefined;
  readonly runs: readonly DrivenRun[];
}
