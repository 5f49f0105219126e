import type { AgentRef } from '@longhaul/core';
import type { ThreadScope } from './thread-scope.ts';

/**
 * The scope of an action: the conversation that is shown now, at each later time. After the hook has selected another
 * one, the action still has the first one.
 */
export function sameConversation<A extends AgentRef>(scope: () => ThreadScope<A>): () => ThreadScope<A> {
  const asked = scope();
  return () => {
    const now = scope();
    return now.conversation === asked.conversation ? now : { ...asked, ...asked.conversation };
  };
}
