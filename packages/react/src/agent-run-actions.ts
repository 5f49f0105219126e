import {
  type AgentRef,
  ConfigurationError,
  isTerminalRun,
  type Run,
  type RunInput,
  type RunViewOf,
  type StartOptions,
} from '@longhaul/core';
import { type AgentRunScope, shownRun } from './agent-run-scope.ts';
import type { OncePerRemount } from './once-per-remount.ts';

/** Options of `start` and `send`. Their `context` replaces the hook's. */
export type AgentRunStartOptions<A extends AgentRef = AgentRef> = Omit<StartOptions<A>, 'continueFrom'>;

/** Actions on the run of a hook. Every function is bound and stays the same between renders. */
export interface AgentRunActions<A extends AgentRef = AgentRef> {
  /** Starts a new run and shows it immediately. The previously shown run continues. */
  start(input: RunInput, options?: AgentRunStartOptions<A>): Run<A>;
  /**
   * Sends the next turn: starts a new run that continues the conversation of the shown run. If no run is shown, it
   * starts the first turn.
   *
   * @throws ConfigurationError while the shown run is active, or is not loaded yet.
   */
  send(input: RunInput, options?: AgentRunStartOptions<A>): Run<A>;
  /**
   * Continues a finished run as a new run without new input. No tool is executed again. If the shown run has not ended
   * and this runner does not drive it (after `detach`, or when the credentials expired), `retry` resumes it. A run that
   * stopped with `unknown_create` sends one more create.
   */
  retry(): Promise<Run<A>>;
  /** Cancels the pending response at the server. The run ends as `cancelled`. */
  cancel(reason?: string): Promise<RunViewOf<A>>;
  /**
   * Stops driving the run in this runner. The job continues at the server. Does nothing if the runner has not loaded
   * the run.
   */
  detach(options?: { readonly graceMs?: number }): Promise<void>;
  approve(callId: string): Promise<void>;
  deny(callId: string, reason?: string): Promise<void>;
  submitToolOutput: Run<A>['submitToolOutput'];
  /** Submits several decisions together. Either all decisions are accepted or none. */
  respond: Run<A>['respond'];
  /** Returns to `idle`. The previously shown run continues. */
  reset(): void;
}

function isOver<A extends AgentRef>({ run, status }: AgentRunScope<A>): boolean {
  const current = run?.view.status ?? status;
  return current !== 'idle' && isTerminalRun(current);
}

function begin<A extends AgentRef>(
  { runner, owner, show }: AgentRunScope<A>,
  input: RunInput,
  options: StartOptions<A>,
): Run<A> {
  const context = owner.context === undefined ? {} : { context: owner.context };
  const run = runner.start(owner.agent, input, { ...context, ...options });
  show(run);
  return run;
}

/** @param scope Returns the shown run and the options at the time of the call. */
export function agentRunActions<A extends AgentRef>(
  scope: () => AgentRunScope<A>,
  once: OncePerRemount<RunInput, Run<A>>,
): AgentRunActions<A> {
  return {
    start: (input, options = {}) => once.run(input, () => begin(scope(), input, options)),
    send: (input, options = {}) =>
      once.run(input, () => {
        const now = scope();
        if (now.runId === undefined) return begin(now, input, options);
        if (isOver(now)) return begin(now, input, { ...options, continueFrom: now.runId });
        const problem =
          now.status === 'idle' ? 'is not loaded, or belongs to another agent' : 'is still active';
        throw new ConfigurationError(
          `run ${JSON.stringify(now.runId)} ${problem}, and \`send\` continues a finished run. Wait until it ends, cancel it, or call \`start\`.`,
        );
      }),
    retry: async () => {
      const now = scope();
      const { runId, runner, owner, run } = now;
      if (runId === undefined) return await shownRun(now);
      if (isOver(now)) return begin(now, [], { continueFrom: runId });
      if (run?.view.driver === 'here') return run;
      return await runner.resume(
        owner.agent,
        runId,
        owner.context === undefined ? {} : { context: owner.context },
      );
    },
    cancel: async (reason) => await (await shownRun(scope())).cancel(reason),
    detach: async (options) => await scope().run?.detach(options),
    approve: async (callId) => await (await shownRun(scope())).approve(callId),
    deny: async (callId, reason) => await (await shownRun(scope())).deny(callId, reason),
    submitToolOutput: async (callId, output) =>
      await (await shownRun(scope())).submitToolOutput(callId, output),
    respond: async (decisions) => await (await shownRun(scope())).respond(decisions),
    reset: () => scope().show(undefined),
  };
}
