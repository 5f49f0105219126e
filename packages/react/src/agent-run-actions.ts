import {
  type Agent,
  ConfigurationError,
  isTerminalRun,
  type Run,
  type RunInput,
  type RunViewOf,
  type StartOptions,
} from '@longhaul/core';
import { type AgentRunScope, shownRun } from './agent-run-scope.ts';
import type { OncePerRemount } from './once-per-remount.ts';

/** What `start` and `send` take beside the input; `context` goes over the hook's. */
export type AgentRunStartOptions<A extends Agent = Agent> = Omit<StartOptions<A>, 'continueFrom'>;

/** What can be done to the run of a hook. Every function is bound and stays the same over renders. */
export interface AgentRunActions<A extends Agent = Agent> {
  /** Starts a new run at once and shows it. A run shown before goes on unseen. */
  start(input: RunInput, options?: AgentRunStartOptions<A>): Run<A>;
  /**
   * The next turn: a new run that carries the conversation of the shown one on; the first turn where none is shown.
   *
   * @throws ConfigurationError while the shown run is not over.
   */
  send(input: RunInput, options?: AgentRunStartOptions<A>): Run<A>;
  /**
   * Carries a finished run on without new input, as a new run: no tool is executed again. A run that is not over and
   * that no process drives, after `detach` or a lost login, is resumed. A run that stopped with `unknown_create` sends
   * one more create.
   */
  retry(): Promise<Run<A>>;
  /** Cancels the pending response at the server; the run ends `cancelled`. */
  cancel(reason?: string): Promise<RunViewOf<A>>;
  /** Stops driving here, while the job goes on at the server. Does nothing for a run that does not live here. */
  detach(options?: { readonly graceMs?: number }): Promise<void>;
  approve(callId: string): Promise<void>;
  deny(callId: string, reason?: string): Promise<void>;
  submitToolOutput: Run<A>['submitToolOutput'];
  /** Several decisions at once: all are taken, or none. */
  respond: Run<A>['respond'];
  /** Back to `idle`. A run shown before goes on unseen. */
  reset(): void;
}

function isOver<A extends Agent>({ run, status }: AgentRunScope<A>): boolean {
  const current = run?.view.status ?? status;
  return current !== 'idle' && isTerminalRun(current);
}

function begin<A extends Agent>(
  { runner, owner, show }: AgentRunScope<A>,
  input: RunInput,
  options: StartOptions<A>,
): Run<A> {
  const context = owner.context === undefined ? {} : { context: owner.context };
  const run = runner.start(owner.agent, input, { ...context, ...options });
  show(run);
  return run;
}

/** @param scope Gives what is shown at the moment of the call. */
export function agentRunActions<A extends Agent>(
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
        throw new ConfigurationError(
          `run ${JSON.stringify(now.runId)} is not over, and \`send\` carries a finished run on: wait for its end, cancel it, or \`start\` another.`,
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
