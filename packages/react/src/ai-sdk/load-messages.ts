import { type AgentRef, isTerminalRun, type Runner } from '@longhaul/core';
import type { ChatMessage } from './chat-message.ts';
import { readThread, viewsOf } from './chat-thread.ts';
import { turnMessages } from './turn-messages.ts';

export interface LoadMessagesOptions {
  /**
   * The id of a run whose branch is loaded: the turns before it, and those after it up to the newest one.
   *
   * @default the branch with the newest turn
   */
  readonly branch?: string | undefined;
}

/** The runs whose answers were loaded before they were complete, by thread. */
const unfinished = new WeakMap<Runner, Map<string, string>>();

/**
 * Whether the answer of this run was loaded before it was complete. A run may end between `loadMessages` and the moment
 * at which the chat reconnects.
 */
export function isUnfinished(runner: Runner, threadId: string, runId: string): boolean {
  return unfinished.get(runner)?.get(threadId) === runId;
}

/** The answer that was loaded is streamed now. */
export function forgetUnfinished(runner: Runner, threadId: string): void {
  unfinished.get(runner)?.delete(threadId);
}

function rememberUnfinished(runner: Runner, threadId: string, runId: string): void {
  const threads = unfinished.get(runner) ?? new Map<string, string>();
  unfinished.set(runner, threads.set(threadId, runId));
}

/**
 * Loads a conversation as messages of `useChat`, oldest first: for each turn, the user's message and the answer so far.
 * A thread without runs has no messages. An answer has the id that it has in a stream of `longhaulTransport`, so that a chat with
 * `resume: true` continues it.
 *
 * `metadata` of an answer has the `runId` and the `status` of its run, and the `error` of a run that has failed.
 *
 * @param threadId The `id` of the chat
 * @throws StoreError, or the error of the server, if the conversation cannot be read
 * @example
 * const messages = await loadMessages<typeof agent>(runner, chatId);
 * const chat = useChat({ id: chatId, messages, transport, resume: true });
 */
export function loadMessages<A extends AgentRef = AgentRef>(
  runner: Runner,
  threadId: string,
  options?: LoadMessagesOptions,
): Promise<ChatMessage<A>[]>;
export async function loadMessages(
  runner: Runner,
  threadId: string,
  { branch }: LoadMessagesOptions = {},
): Promise<ChatMessage[]> {
  const thread = await readThread(runner, threadId);
  const turns = await Promise.all(thread.path(branch).map(({ version }) => viewsOf(runner, version)));
  const last = turns.at(-1)?.at(-1);
  if (last !== undefined && !isTerminalRun(last.status)) rememberUnfinished(runner, threadId, last.runId);
  return turns.flatMap((views) => turnMessages(views));
}
