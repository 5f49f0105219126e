import { useAgentThread, type AgentThreadResult } from '@longhaul/react';
import { useEffect } from 'react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';

/** Sends the first message of a new conversation. It loads with that message, as the page of the conversation does. */
export function Starter(props: {
  readonly agent: ShownAgent;
  /** Shows the conversation that was started. */
  readonly open: (threadId: string) => void;
  readonly ready: (send: AgentThreadResult['send']) => void;
}): null {
  const { agent, open, ready } = props;
  const { send } = useAgentThread({ agent, onThreadId: open });
  useEffect(() => ready(send), [ready, send]);
  return null;
}
