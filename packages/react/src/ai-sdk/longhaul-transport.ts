import {
  type AgentRef,
  ConfigurationError,
  type ContextOf,
  isTerminalRun,
  LonghaulError,
  type Run,
  type Runner,
  type RunView,
  type StartOptions,
} from '@longhaul/core';
import type { ChatTransport } from 'ai';
import { resumeRun } from '../resume-run.ts';
import { type AnswerPlace, answerStream } from './answer-stream.ts';
import type { ChatChunk, ChatMessage } from './chat-message.ts';
import { type ChatThread, readThread, viewOf, viewsOf } from './chat-thread.ts';
import { forgetUnfinished, isUnfinished } from './load-messages.ts';
import { messageDecisions } from './message-decisions.ts';
import { nextTurn } from './next-turn.ts';

export interface LonghaulTransportOptions<A extends AgentRef = AgentRef> {
  /** The runner of the page: of `createRunner`, or of `remoteRunner`. */
  readonly runner: Runner;
  /** The agent that answers. */
  readonly agent: A;
  /** Passed to the agent's tools, as in `runner.start`. */
  readonly context?: ContextOf<A> | undefined;
  /**
   * The effect of an abort by the chat: `chat.stop()`, which `useChat` also calls when a component that has made
   * the chat is unmounted. `detach`: the chat stops reading; the run continues, and other components that use it do not
   * notice. `cancel`: the run is cancelled.
   *
   * @default 'detach'
   */
  readonly onAbort?: 'detach' | 'cancel';
}

type SendOptions = Parameters<ChatTransport<ChatMessage>['sendMessages']>[0];
type ReconnectOptions = Parameters<ChatTransport<ChatMessage>['reconnectToStream']>[0];
type AnswerStream = ReadableStream<ChatChunk>;

class LonghaulTransport<A extends AgentRef> implements ChatTransport<ChatMessage> {
  /** A stream of `reconnectToStream` begins at the start of the answer, so the chat makes the message again. */
  readonly resumeStreamIsReplay = true;
  readonly #options: LonghaulTransportOptions<A>;
  /** The runs of the messages that were sent, by the id of the message. */
  readonly #sent = new Map<string, string>();
  /** The last `reconnectToStream` of each chat. */
  readonly #reconnects = new Map<string, object>();

  constructor(options: LonghaulTransportOptions<A>) {
    this.#options = options;
  }

  async sendMessages(options: SendOptions): Promise<AnswerStream> {
    const { runner } = this.#options;
    const { chatId, messages, trigger, messageId, abortSignal } = options;
    const thread = await readThread(runner, chatId);
    const answer = messageId === undefined ? messages.at(-1) : messages.find(({ id }) => id === messageId);
    if (trigger === 'submit-message' && answer?.role === 'assistant')
      return await this.#respond(thread, answer, abortSignal);

    const turn = await nextTurn(runner, thread, { messages, trigger, messageId, sent: this.#sent });
    const isNew = trigger === 'submit-message' && messageId === undefined;
    await this.#makeRoom(turn.leaf, isNew);
    // The person has sent the message, so its run starts even if the chat was closed since.
    if (this.#options.onAbort === 'cancel') abortSignal?.throwIfAborted();
    const run = this.#start(chatId, turn.input, turn.continueFrom);
    const last = messages.at(-1);
    if (last !== undefined) this.#sent.set(last.id, run.id);
    this.#cancelIf(stopped(abortSignal), run);
    await Promise.race([run.saved(), stopped(abortSignal)]);
    return answerStream(run, placeOf(run.id, []), abortSignal);
  }

  async reconnectToStream({ chatId, abortSignal }: ReconnectOptions): Promise<AnswerStream | null> {
    const { runner } = this.#options;
    const request = {};
    this.#reconnects.set(chatId, request);
    // A chat that reconnects again aborts the request before, in the same task. It is not stopped.
    const isStopped = stopped(abortSignal, () => this.#reconnects.get(chatId));
    const version = (await readThread(runner, chatId)).path().at(-1)?.version;
    const view = version && (await viewOf(runner, version.runId));
    if (version === undefined || view === undefined) return null;
    const wasUnfinished = isUnfinished(runner, chatId, view.runId);
    if (isTerminalRun(view.status) && !wasUnfinished) return null;
    if (this.#reconnects.get(chatId) === request) forgetUnfinished(runner, chatId);
    const run = await this.#handleOf(view);
    this.#cancelIf(isStopped, run);
    const earlier = (await viewsOf(runner, version)).slice(0, -1);
    const messageId = version.runs[0]?.runId ?? run.id;
    return answerStream(run, placeOf(messageId, earlier), abortSignal);
  }

  /** Sends the decisions that a page has added to an answer, and continues the answer. */
  async #respond(
    thread: ChatThread,
    answer: ChatMessage,
    signal: AbortSignal | undefined,
  ): Promise<AnswerStream> {
    const { runner } = this.#options;
    const runId = answer.metadata?.runId ?? answer.id;
    const version = thread.find(runId);
    const view = await viewOf(runner, runId);
    if (view === undefined)
      throw new LonghaulError(
        'not_found',
        `longhaulTransport: the run ${runId} of message ${answer.id} does not exist.`,
      );
    const run = await this.#handleOf(view);
    const earlier =
      version === undefined ? [] : (await viewsOf(runner, version)).filter((one) => one.runId !== runId);
    const { decisions, waits } = messageDecisions(answer, [...earlier, run.view]);
    if (decisions.length > 0) await run.respond(decisions);
    else if (isTerminalRun(run.view.status) || run.view.status === 'requires_action')
      throw new ConfigurationError(
        `longhaulTransport: message ${answer.id} has no approval and no output that run ${runId} waits for (it is ${run.view.status}). Send a message of the user, or call \`regenerate\`.`,
        { option: 'messages' },
      );
    this.#cancelIf(stopped(signal), run);
    const { id: messageId, parts: shown } = answer;
    return answerStream(run, { messageId, earlier, shown, decided: waits }, signal);
  }

  /** Makes sure that the shown branch has ended. A turn that is replaced is cancelled. */
  async #makeRoom(leaf: string | undefined, isNew: boolean): Promise<void> {
    const view = leaf === undefined ? undefined : await viewOf(this.#options.runner, leaf);
    if (view === undefined || isTerminalRun(view.status)) return;
    if (isNew)
      throw new LonghaulError(
        'busy',
        `longhaulTransport: run ${view.runId} of this chat is still active (${view.status}). Wait until it has ended, answer its calls, or cancel it.`,
      );
    const run = await this.#handleOf(view);
    await run.cancel();
  }

  #start(
    threadId: string,
    input: RunView['input'] | readonly object[],
    continueFrom: string | undefined,
  ): Run<A> {
    const { runner, agent, context } = this.#options;
    const options: StartOptions<A> = { threadId, continueFrom };
    return runner.start(agent, input, context === undefined ? options : { ...options, context });
  }

  async #handleOf({ runId, agent: name, status }: RunView): Promise<Run> {
    const { runner, agent, context } = this.#options;
    if (isTerminalRun(status)) return await runner.follow(runId);
    return await resumeRun<AgentRef>(runner, runId, name === agent.name ? { agent, context } : {});
  }

  #cancelIf(isStopped: Promise<void>, run: Run): void {
    if (this.#options.onAbort !== 'cancel') return;
    // If the run cannot be cancelled, its view shows why. The chat no longer reads.
    isStopped.then(() => run.cancel()).catch(() => undefined);
  }
}

function placeOf(messageId: string, earlier: AnswerPlace['earlier']): AnswerPlace {
  return { messageId, earlier, shown: [], decided: new Set() };
}

/**
 * Resolves when the signal aborts.
 *
 * @param request Returns the last request of the chat. The signal of a request that another one replaces does not count.
 */
function stopped(signal: AbortSignal | undefined, request: () => unknown = () => undefined): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      const last = request();
      queueMicrotask(() => {
        if (request() === last) resolve();
      });
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * A `ChatTransport` for `useChat` of `ai` 7. The `id` of the chat is the thread. Each message that is sent becomes a run
 * of the thread, which continues when the page is closed. An answer's `metadata` has the `runId` and the `status` of its
 * run.
 *
 * - A new message continues the turn before it. An edited message, and `regenerate`, start another version of their turn.
 * - `addToolApprovalResponse` and `addToolOutput` are sent to the run that waits, when the chat sends the message again:
 *   pass `sendAutomaticallyWhen`.
 * - `resume: true` streams the answer of an active run again after a reload. Load the messages before it with
 *   `loadMessages`.
 * - A chat that is stopped only stops reading. Pass `onAbort: 'cancel'` if `stop` should cancel the run.
 *
 * A run that has failed ends the stream with its message, as the chat's `error`.
 *
 * @example
 * const transport = longhaulTransport({ runner, agent });
 * const { messages, sendMessage } = useChat({ id: threadId, messages: loaded, transport, resume: true });
 * @throws LonghaulError `busy` (the request rejects) if a message is sent while the last run of the chat is active.
 * ConfigurationError for a message without text and files. The errors of `runner.start` for a run that cannot start.
 */
export function longhaulTransport<A extends AgentRef>(
  options: LonghaulTransportOptions<A>,
): ChatTransport<ChatMessage<A>>;
export function longhaulTransport(options: LonghaulTransportOptions): ChatTransport<ChatMessage> {
  return new LonghaulTransport(options);
}
