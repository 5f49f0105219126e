import { ConfigurationError, inputParts, type RunInput, type Runner, type RunView } from '@longhaul/core';
import type { ChatMessage } from './chat-message.ts';
import { type ChatThread, viewOf } from './chat-thread.ts';
import { isSame } from './is-same.ts';
import { messageInput } from './message-input.ts';
import { inputMessageParts } from './text-parts.ts';

/** A run that is to be started. */
export interface NextTurn {
  readonly input: RunInput;
  readonly continueFrom: string | undefined;
  /** The newest run of the shown branch. It must have ended before the turn starts. */
  readonly leaf: string | undefined;
}

/** The request of a chat. */
export interface TurnRequest {
  readonly messages: readonly ChatMessage[];
  readonly trigger: 'submit-message' | 'regenerate-message';
  readonly messageId: string | undefined;
  /** The runs of the messages that this page has sent, by the id of the message. */
  readonly sent: ReadonlyMap<string, string>;
}

/** The messages of the user that no run has received, and the last run before them. */
function unsentMessages({ messages, sent }: TurnRequest): {
  readonly asked: readonly ChatMessage[];
  readonly before: string | undefined;
} {
  let from = messages.length - 1;
  let before: string | undefined;
  while (from > 0 && before === undefined) {
    const message = messages[from - 1];
    before = message && (sent.get(message.id) ?? message.metadata?.runId);
    if (before === undefined) from -= 1;
  }
  return { asked: messages.slice(Math.max(from, 0)).filter(({ role }) => role === 'user'), before };
}

/** Whether a message shows this input and nothing else. */
function shows(message: ChatMessage, input: RunView['input']): boolean {
  const shown = message.parts.filter(({ type }) => type === 'text' || type === 'file');
  return isSame(shown, inputMessageParts(inputParts(input)));
}

/**
 * The turn that a chat wants to send: the next one, or another version of a turn whose question was edited or whose
 * answer is made again. If the question did not change, another version has exactly the input of the first one.
 *
 * @throws ConfigurationError if the last message is not the user's, or has nothing to send
 */
export async function nextTurn(runner: Runner, thread: ChatThread, request: TurnRequest): Promise<NextTurn> {
  const { messages, trigger, messageId, sent } = request;
  const last = messages.at(-1);
  if (last?.role !== 'user')
    throw new ConfigurationError('longhaulTransport: the last message is not a message of the user.', {
      option: 'messages',
    });
  const { asked, before } = unsentMessages(request);
  const isNew = trigger === 'submit-message' && messageId === undefined;
  if (isNew) {
    const continueFrom = thread.find(before)?.runId ?? thread.path().at(-1)?.version.runId;
    return { input: messageInput(asked), continueFrom, leaf: continueFrom };
  }
  // The id of an answer is the id of the first run of its turn.
  const replaced = thread.find(messageId) ?? thread.find(sent.get(last.id) ?? last.metadata?.runId);
  const leaf = thread.path(replaced?.runId ?? before).at(-1)?.version.runId;
  const first = trigger === 'regenerate-message' ? replaced?.runs[0]?.runId : undefined;
  const view = first === undefined ? undefined : await viewOf(runner, first);
  if (view !== undefined && shows(last, view.input))
    return { input: view.input, continueFrom: replaced?.continues, leaf };
  return { input: messageInput(asked), continueFrom: thread.find(before)?.runId ?? before, leaf };
}
