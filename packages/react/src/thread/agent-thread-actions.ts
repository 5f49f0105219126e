import type { AgentRef } from '@longhaul/core';
import { isBegun } from './queue/queued-input.ts';
import { sameConversation } from './same-conversation.ts';
import { loadThreadCode } from './thread-code.ts';
import type { ThreadScope } from './thread-scope.ts';
import type { AgentThreadActions } from './thread-actions.ts';
import type { ThreadWork } from './thread-work.ts';

export interface LoadedActions {
  readonly actions: AgentThreadActions;
  /** Sends the next input of the queue, if the last turn has ended. */
  sendNext(): Promise<void>;
}

/** @param scope Returns the shown thread and the options at the time of the call. */
export function agentThreadActions<A extends AgentRef>(scope: () => ThreadScope<A>): LoadedActions {
  let made: ThreadWork<A> | undefined;
  const load = async (): Promise<ThreadWork<A>> => {
    const { threadWork } = await loadThreadCode();
    return (made ??= threadWork<A>());
  };
  /** Does the work in the conversation that is shown at the time of the call. */
  const work = async <T>(
    action: (loaded: ThreadWork<A>, asked: () => ThreadScope<A>) => Promise<T>,
  ): Promise<T> => {
    const asked = sameConversation(scope);
    return await action(await load(), asked);
  };
  const respond: AgentThreadActions['respond'] = (decisions, options) =>
    work((loaded, asked) => loaded.respond(asked, decisions, options));
  return {
    sendNext: () => work((loaded, asked) => loaded.sendNext(asked)),
    actions: {
      send: (input, options) => work((loaded, asked) => loaded.send(asked, input, options)),
      unqueue: (id) => {
        const { threadId, queue } = scope();
        const entry = queue.find((one) => one.id === id);
        // Another page is sending it.
        if (entry !== undefined && isBegun(entry)) return undefined;
        if (threadId !== undefined && entry !== undefined)
          loadThreadCode()
            .then((code) => code.removeFromQueue(threadId, id))
            // Without the code, the queue is empty.
            .catch(() => undefined);
        return entry;
      },
      stop: () => work((loaded, asked) => loaded.stop(asked)),
      retry: (runId) => work((loaded, asked) => loaded.retry(asked, runId)),
      edit: (runId, input) => work((loaded, asked) => loaded.edit(asked, runId, input)),
      regenerate: (runId) => work((loaded, asked) => loaded.regenerate(asked, runId)),
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
