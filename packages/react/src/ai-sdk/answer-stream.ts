import { isTerminalRun, LonghaulError, type Run, type RunView, type ToolCallView } from '@longhaul/core';
import { onceEnded } from '../once-ended.ts';
import { answerChunks, type ShownAnswer } from './answer-chunks.ts';
import type { ChatChunk } from './chat-message.ts';
import { isSame } from './is-same.ts';
import { answerMetadata, answerParts } from './turn-messages.ts';

/** The answer that a stream continues, and where it belongs. */
export interface AnswerPlace {
  /** The id of the message. */
  readonly messageId: string;
  /** The earlier runs of the turn, which this run retries. */
  readonly earlier: readonly RunView[];
  /** The parts that the message already has. */
  readonly shown: ShownAnswer['parts'];
  /** The waits that have been decided about, by `waitOf`. The run may still show them for a moment. */
  readonly decided: ReadonlySet<string>;
}

/** Identifies the wait of a call for a person. A call can wait for an approval, and then for an output. */
export function waitOf({ iteration, callId, status }: ToolCallView): string | undefined {
  const isWaiting = status === 'awaiting_approval' || status === 'awaiting_output';
  return isWaiting ? `${iteration}/${callId}/${status}` : undefined;
}

/** Whether the run only waits for decisions of a person. The message is complete until then. */
function awaitsPerson({ status, toolCalls }: RunView, decided: ReadonlySet<string>): boolean {
  if (status !== 'requires_action') return false;
  return !toolCalls.some((call) => {
    const wait = waitOf(call);
    // A page executes a call that is leased.
    return wait !== undefined && (decided.has(wait) || call.leasedUntil !== undefined);
  });
}

/**
 * The finish reason. After `interrupted`, a chat does not send anything automatically.
 * An answer that is incomplete has the reason in `metadata.error`.
 */
function finishReason({
  status,
  error,
}: RunView): 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'interrupted' {
  if (status === 'completed') return 'stop';
  if (status === 'requires_action') return 'tool-calls';
  if (error?.code === 'max_output_tokens') return 'length';
  return error?.code === 'content_filter' ? 'content-filter' : 'interrupted';
}

/** Why a run that has not ended is no longer driven or followed here. */
async function whyStopped(run: Run): Promise<string> {
  try {
    await run.result();
    return 'The run has ended.';
  } catch (error) {
    return LonghaulError.isInstance(error) ? error.message : String(error);
  }
}

/** The chunks of a run's answer, from the parts that the message has to the end of the run. */
class AnswerReader {
  readonly #run: Run;
  readonly #place: AnswerPlace;
  #shown: ShownAnswer;
  #metadata: ReturnType<typeof answerMetadata>;

  constructor(run: Run, place: AnswerPlace) {
    this.#run = run;
    this.#place = place;
    this.#shown = { parts: place.shown, open: new Set() };
    this.#metadata = answerMetadata(run.view);
  }

  start(): readonly ChatChunk[] {
    return [{ type: 'start', messageId: this.#place.messageId, messageMetadata: this.#metadata }];
  }

  /** The chunks of what is new in the view. */
  next(view: RunView): readonly ChatChunk[] {
    const { chunks, shown } = answerChunks(this.#shown, answerParts([...this.#place.earlier, view]));
    this.#shown = shown;
    const metadata = answerMetadata(view);
    if (isSame(metadata, this.#metadata)) return chunks;
    this.#metadata = metadata;
    return [...chunks, { type: 'message-metadata', messageMetadata: metadata }];
  }

  /** The last chunks, if the stream ends with this view. */
  end(view: RunView): readonly ChatChunk[] | undefined {
    if (view.status === 'failed')
      return [{ type: 'error', errorText: view.error?.message ?? `Run ${view.runId} has failed.` }];
    if (!isTerminalRun(view.status) && !awaitsPerson(view, this.#place.decided)) return undefined;
    return this.#finish(view);
  }

  /** The last chunks after driving or following has stopped. */
  async stopped(view: RunView): Promise<readonly ChatChunk[]> {
    return this.end(view) ?? [{ type: 'error', errorText: await whyStopped(this.#run) }];
  }

  #finish(view: RunView): readonly ChatChunk[] {
    const finishStep = this.#shown.parts.length > 0 ? [{ type: 'finish-step' } as const] : [];
    const reason = finishReason(view);
    return [...finishStep, { type: 'finish', finishReason: reason, messageMetadata: this.#metadata }];
  }
}

async function* chunksOf(run: Run, place: AnswerPlace, signal: AbortSignal): AsyncGenerator<ChatChunk, void> {
  const reader = new AnswerReader(run, place);
  let isStopped = false;
  let changed = Promise.withResolvers<void>();
  const wake = (): void => changed.resolve();
  const unsubscribe = run.subscribe(wake);
  const leave = onceEnded(run, () => {
    isStopped = true;
    wake();
  });
  signal.addEventListener('abort', wake);
  try {
    yield* reader.start();
    while (!signal.aborted) {
      changed = Promise.withResolvers();
      const wasStopped = isStopped;
      const { view } = run;
      yield* reader.next(view);
      const end = wasStopped ? await reader.stopped(view) : reader.end(view);
      if (end) return yield* end;
      await changed.promise;
    }
  } finally {
    unsubscribe();
    leave();
    signal.removeEventListener('abort', wake);
  }
}

/**
 * Streams a run's answer as chunks of a message. The run is read when a chunk is wanted, so a slow reader gets fewer and
 * longer texts. The stream ends with the run, when the run waits for a person, and when `signal` aborts. Ending the
 * stream does not change the run.
 */
export function answerStream(run: Run, place: AnswerPlace, signal?: AbortSignal): ReadableStream<ChatChunk> {
  const left = new AbortController();
  const ended = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const chunks = chunksOf(run, place, ended);
  // A stream that is not read to its end must not observe the run forever.
  ended.addEventListener('abort', () => void chunks.return().catch(() => undefined), { once: true });
  return new ReadableStream<ChatChunk>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (left.signal.aborted) return;
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel() {
        left.abort();
      },
    },
    { highWaterMark: 0 },
  );
}
