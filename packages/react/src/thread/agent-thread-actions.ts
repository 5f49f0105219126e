import type { AgentRef } from '@longhaul/core';
import type { ThreadScope } from './thread-scope.ts';
import type { AgentThreadActions } from './thread-actions.ts';
import type { ThreadWork } from './thread-work.ts';

/** The actions of a hook, and the code that performs them. */
export interface LoadedActions {
  readonly actions: AgentThreadActions;
  /** Loads the code, which a page does not need before its first action. A failed load is repeated at the next call. */
  load(): Promise<ThreadWork>;
}

/** @param scope Returns the shown thread and the options at the time of the call. */
export function agentThreadActions<A extends AgentRef>(scope: () => ThreadScope<A>): LoadedActions {
  let loading: Promise<ThreadWork> | undefined;
  const load = (): Promise<ThreadWork> => {
    loading ??= import('./thread-work.ts').then(
      ({ threadWork }) => threadWork(scope),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  const respond: AgentThreadActions['respond'] = async (decisions, options) =>
    await (await load()).respond(decisions, options);
  return {
    load,
    actions: {
      send: async (input, options) => await (await load()).send(input, options),
      unqueue: (id) => {
        const { threadId, queue } = scope();
        const entry = queue.find((one) => one.id === id);
        if (threadId !== undefined && entry !== undefined)
          load().then(
            (work) => work.removeFromQueue(threadId, id),
            () => undefined,
          );
        return entry;
      },
      stop: async () => await (await load()).stop(),
      retry: async (runId) => await (await load()).retry(runId),
      edit: async (runId, input) => await (await load()).edit(runId, input),
      regenerate: async (runId) => await (await load()).regenerate(runId),
      show: (runId) => {
        const { threadId, show } = scope();
        if (threadId !== undefined) show(threadId, runId);
      },
      approve: (callId, options) => respond([{ type: 'approve', callId }], options),
      deny: (callId, reason, options) =>
        respond([{ type: 'deny', callId, ...(reason === undefined ? {} : { reason }) }], options),
      submitToolOutput: (callId, output, options) => respond([{ type: 'output', callId, output }], options),
      respond,
    },
  };
}
