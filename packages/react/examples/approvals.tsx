import type { AgentRunResult } from '@longhaul/react';
import type { JSX } from 'react';

/** Shows all calls that wait for approval, of any agent, and answers them together. */
export function Approvals({ run }: { run: AgentRunResult }): JSX.Element | null {
  const waiting = run.toolCalls.filter((call) => call.status === 'awaiting_approval');
  if (waiting.length === 0) return null;
  const answer = (type: 'approve' | 'deny') => run.respond(waiting.map(({ callId }) => ({ type, callId })));
  return (
    <dialog open>
      {waiting.map((call) => (
        <pre key={call.callId}>{`${call.name} ${call.rawArguments}`}</pre>
      ))}
      <button onClick={() => answer('approve')}>Allow</button>
      <button onClick={() => answer('deny')}>Refuse</button>
    </dialog>
  );
}
