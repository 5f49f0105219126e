import type { AppendMessage, ExternalStoreAdapter, ThreadMessage } from '@assistant-ui/react';
import { ConfigurationError, type InputItem, type RunInput, type ToolCallView } from '@longhaul/core';
import type { ThreadTurn } from '../thread/tree/thread-turn.ts';
import type { AgentThreadResult } from '../thread/use-agent-thread.ts';
import { messageInput } from './message-input.ts';
import { selectedRun, type ThreadRepository } from './thread-repository.ts';
import { approvalId } from './tool-call-parts.ts';
import { questionId } from './turn-messages.ts';

/** The messages and turns that are shown at this moment. */
export interface ShownMessages extends ThreadRepository {
  readonly thread: AgentThreadResult;
  readonly turns: readonly ThreadTurn[];
}

function textItem(content: string): InputItem {
  return { role: 'user', content };
}

type Callbacks = Pick<
  ExternalStoreAdapter,
  | 'setMessages'
  | 'onNew'
  | 'onEdit'
  | 'onReload'
  | 'onCancel'
  | 'onDelete'
  | 'onLoadEarlier'
  | 'onAddToolResult'
  | 'onRespondToToolApproval'
>;

function unknownMessage(what: string): ConfigurationError {
  return new ConfigurationError(`useLonghaulRuntime: ${what} is not in the thread that is shown.`);
}

/** The newest shown call that matches, and the run in which it waits: only the newest run of a turn has open calls. */
function findCall(
  turns: readonly ThreadTurn[],
  matches: (call: ToolCallView, runId: string) => boolean,
): { readonly callId: string; readonly runId: string } {
  for (const { runId, run } of turns.toReversed()) {
    const call = run.toolCalls.find((one) => matches(one, runId));
    if (call !== undefined) return { callId: call.callId, runId };
  }
  throw unknownMessage('the call');
}

/** The turn of an edited message; for an append after an earlier message, the turn that follows this message. */
function editedTurn({ turns, turnOf }: ShownMessages, message: AppendMessage): ThreadTurn | undefined {
  const { sourceId, parentId } = message;
  if (sourceId === null) {
    const before = parentId === null ? undefined : turnOf.get(parentId);
    return turns[before === undefined ? 0 : turns.indexOf(before) + 1];
  }
  const turn = turnOf.get(sourceId);
  if (turn === undefined) throw unknownMessage('the edited message');
  const isQuestion = message.role === 'user' && sourceId.endsWith(questionId(''));
  if (isQuestion) return turn;
  throw new ConfigurationError(
    'useLonghaulRuntime: only the question of a turn can be edited, not an answer, and not a message that was added to a turn.',
  );
}

/** Whether the driving of an active run has stopped with an error. `retry` resumes it. */
export function stoppedBy(
  { isActive, status, error }: AgentThreadResult,
  last: ThreadTurn | undefined,
): string | undefined {
  const isUndriven = isActive && status !== 'requires_action' && last?.run.driver === 'none';
  return isUndriven ? error?.message : undefined;
}

/**
 * The callbacks of assistant-ui's external store.
 *
 * @param shown Returns the messages and turns at the time of the call.
 * @param send Sends an input as the next turn.
 */
export function threadCallbacks(
  shown: () => ShownMessages,
  send: (input: RunInput) => Promise<void>,
): Required<Callbacks> {
  return {
    onNew: async (message) => await send(messageInput(message)),
    onEdit: async (message) => {
      const turn = editedTurn(shown(), message);
      const input = messageInput(message);
      if (turn === undefined) await send(input);
      // A text would keep the files of the question, which the person may have removed.
      else await shown().thread.edit(turn.runId, typeof input === 'string' ? [textItem(input)] : input);
    },
    onReload: async (parentId) => {
      const { thread, turns, turnOf } = shown();
      const turn = parentId === null ? undefined : turnOf.get(parentId);
      if (turn === undefined) throw unknownMessage('the question of the message');
      const isStopped = turn === turns.at(-1) && stoppedBy(thread, turn) !== undefined;
      if (isStopped || turn.status === 'failed') await thread.retry(turn.runId);
      else await thread.regenerate(turn.runId);
    },
    onCancel: async () => await shown().thread.stop(),
    // assistant-ui calls this after a branch was selected, and requires it to offer branches.
    setMessages: (messages: readonly ThreadMessage[]) => {
      const { thread, ...repository } = shown();
      const runId = selectedRun(messages, repository);
      if (runId !== undefined) thread.show(runId);
    },
    onDelete: async () => {
      throw new ConfigurationError(
        'useLonghaulRuntime: a message cannot be deleted alone, because later turns continue it. Delete the thread.',
      );
    },
    onLoadEarlier: async () => shown().thread.loadEarlier(),
    onAddToolResult: async ({ toolCallId, result, isError }) => {
      const { thread, turns } = shown();
      const { callId, runId } = findCall(
        turns,
        (call) => call.callId === toolCallId && call.status === 'awaiting_output',
      );
      if (!isError) return await thread.submitToolOutput(callId, result, { runId });
      const message = typeof result === 'string' ? result : JSON.stringify(result);
      await thread.respond([{ type: 'error', callId, message }], { runId });
    },
    onRespondToToolApproval: async ({ approvalId: id, approved, reason, text }) => {
      const { thread, turns } = shown();
      const { callId, runId } = findCall(turns, (call, run) => approvalId(run, call.callId) === id);
      if (approved) await thread.approve(callId, { runId });
      else await thread.deny(callId, reason ?? text, { runId });
    },
  };
}
