import type {
  MessageStatus,
  ThreadAssistantMessage,
  ThreadAssistantMessagePart,
  ThreadMessage,
} from '@assistant-ui/react';
import type { ErrorView, InputPart, Part, RunView } from '@longhaul/core';
import type { ThreadTurn } from '../thread/tree/thread-turn.ts';
import { answerParts } from './answer-parts.ts';
import { keepBy } from './keep-by.ts';
import { userMessage } from './user-message.ts';

/** The id of the message with the question of a run. The id of its answer is the one of the run. */
export function questionId(runId: string): string {
  return `${runId}:input`;
}

function incompleteReason({ code }: ErrorView): 'length' | 'content-filter' | 'other' {
  if (code === 'max_output_tokens') return 'length';
  return code === 'content_filter' ? 'content-filter' : 'other';
}

/** Why an active run waits for a person. */
function waitsFor({ toolCalls }: RunView): MessageStatus | undefined {
  const isWaiting = (status: string): boolean => toolCalls.some((call) => call.status === status);
  if (isWaiting('awaiting_approval')) return { type: 'requires-action', reason: 'interrupt' };
  return isWaiting('awaiting_output') ? { type: 'requires-action', reason: 'tool-calls' } : undefined;
}

/** The status of the message that shows the answer of a run. */
export function messageStatus(run: RunView): MessageStatus {
  const { error } = run;
  switch (run.status) {
    case 'completed':
      return { type: 'complete', reason: 'stop' };
    case 'cancelled':
      return { type: 'incomplete', reason: 'cancelled' };
    case 'failed':
      return { type: 'incomplete', reason: 'error', error: error?.message ?? 'The run has failed.' };
    case 'incomplete':
      return error === undefined
        ? { type: 'incomplete', reason: 'other' }
        : { type: 'incomplete', reason: incompleteReason(error), error: error.message };
    case 'cancelling':
      return { type: 'running' };
    case 'queued':
    case 'in_progress':
    case 'running_tools':
    case 'requires_action':
      return waitsFor(run) ?? { type: 'running' };
  }
}

type AnswerMetadata = ThreadAssistantMessage['metadata'];

const noMetadata: AnswerMetadata = {
  unstable_state: null,
  unstable_annotations: [],
  unstable_data: [],
  steps: [],
  custom: {},
};

function answer(
  id: string,
  { runId, run }: ThreadTurn,
  content: readonly ThreadAssistantMessagePart[],
  status: MessageStatus,
): ThreadAssistantMessage {
  const { inputTokens, outputTokens } = run.usage;
  const metadata: AnswerMetadata = {
    ...noMetadata,
    runId,
    steps: [{ usage: { inputTokens, outputTokens } }],
  };
  return { id, role: 'assistant', createdAt: new Date(run.createdAt), content, status, metadata };
}

/** The message of an answer that is not shown. Its id is the one of the answer, which replaces it. */
export function hiddenAnswer(runId: string, createdAt: number): ThreadAssistantMessage {
  const status: MessageStatus = { type: 'complete', reason: 'unknown' };
  const at = new Date(createdAt);
  return { id: runId, role: 'assistant', createdAt: at, content: [], status, metadata: noMetadata };
}

/** The parts of an answer up to each input that was added to it, and after the last one. */
function segmentsOf(parts: readonly Part[]): readonly (readonly [readonly Part[], InputPart | undefined])[] {
  const segments: (readonly [readonly Part[], InputPart | undefined])[] = [];
  let open: Part[] = [];
  for (const part of parts) {
    if (part.type !== 'input') open.push(part);
    else {
      segments.push([open, part]);
      open = [];
    }
  }
  return [...segments, [open, undefined]];
}

function makeMessages(turn: ThreadTurn, id: string): readonly ThreadMessage[] {
  const { runId, input, run } = turn;
  const messages: ThreadMessage[] = [userMessage(id, input, run.createdAt)];
  let answerId = runId;
  for (const [parts, added] of segmentsOf(turn.parts)) {
    const content = parts.flatMap((part) => answerParts(part, runId));
    const isLast = added === undefined;
    const status: MessageStatus = isLast ? messageStatus(run) : { type: 'complete', reason: 'unknown' };
    if (isLast || content.length > 0) messages.push(answer(answerId, turn, content, status));
    if (added === undefined) break;
    const addedId = `${runId}:${added.key}`;
    messages.push(userMessage(addedId, added.parts, run.createdAt));
    answerId = `${addedId}:answer`;
  }
  return messages;
}

/**
 * The messages of a turn: the question, and the answer. Input that was added with `steer` divides the answer. The same
 * turn has the same messages.
 *
 * @param id The id of the question. Versions of a turn with the same question share it.
 */
export const turnMessages: (turn: ThreadTurn, id: string) => readonly ThreadMessage[] = keepBy(makeMessages);
