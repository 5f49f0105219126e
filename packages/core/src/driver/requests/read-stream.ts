import { monotonicNow, type Clock } from '../../clock/clock.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import { timeOut } from '../../clock/time-out.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import { isProgress } from '../../engine/steps/stream-events.ts';
import { fieldsOf, isJsonObject } from '../../wire/json.ts';

/** Texts that are not errors: the end of a stream, and messages that keep a connection alive. */
const noError = /^\W*(?:done|ping|keep-?alive|heartbeat)?\W*$/i;

/** Converts a text to an error event, because some gateways send an error as plain text. */
function errorOfText(event: unknown): unknown {
  return typeof event === 'string' && !noError.test(event) ? { type: 'error', message: event } : event;
}

/**
 * The time limit for a background response's stream without an event of the response, in milliseconds. A gateway that
 * has lost the server may send pings, which would keep the connection open forever.
 */
const progressWithinMs = 15 * 60_000;

/**
 * Feeds a stream's events, and how the stream ended, to the engine. A connection can stay open without sending
 * anything, which no time-out of an HTTP client notices. After `idleMs` without a byte, the stream counts as lost.
 * With `fromFirstEvent`, that time begins with the first complete event, because a proxy may buffer the stream until
 * then.
 */
export async function readStream(
  batches: AsyncIterable<readonly unknown[]>,
  watch: {
    readonly clock: Clock;
    readonly idleMs: number;
    readonly fromFirstEvent: boolean;
    readonly signal: AbortSignal;
    hangUp(): void;
  },
  feed: (event: EngineEventBody, cause?: unknown) => void,
): Promise<void> {
  const { clock, idleMs, signal } = watch;
  const over = new AbortController();
  let receivedAt = monotonicNow(clock);
  let progressAt = receivedAt;
  // A background response can be polled after its stream was closed. A foreground response cannot.
  let goesOn = !watch.fromFirstEvent;
  let idle = false;
  const watchdog = async (): Promise<void> => {
    for (;;) {
      const lastReceived = receivedAt;
      const silentMs = Math.max(0, monotonicNow(clock) - lastReceived);
      await timeOut(clock, Math.max(1, idleMs - silentMs), over.signal);
      if (over.signal.aborted || signal.aborted) return;
      // The time is reached when the sleep resolves, even if the clock reads a fraction less.
      const isQuiet = goesOn && monotonicNow(clock) - progressAt >= progressWithinMs;
      if (lastReceived !== receivedAt && !isQuiet) continue;
      idle = true;
      feed({ type: 'stream_ended', reason: 'idle' });
      return watch.hangUp();
    }
  };
  let watching = watch.fromFirstEvent ? undefined : watchdog();
  let reason: 'eof' | 'lost' = 'eof';
  let cause: unknown;
  try {
    for await (const batch of batches) {
      if (signal.aborted) return;
      receivedAt = monotonicNow(clock);
      const events = batch.map(errorOfText).filter(isJsonObject);
      if (events.length === 0) continue;
      if (events.some((event) => isProgress(event, null))) progressAt = receivedAt;
      goesOn ||= events.some(({ response }) => fieldsOf(response)['background'] === true);
      watching ??= watchdog();
      feed({ type: 'streamed', events });
    }
  } catch (error) {
    cause = error;
    // Platforms report a broken connection in different ways. In all cases the response continues at the server.
    reason = 'lost';
  } finally {
    over.abort(abortReason);
  }
  await watching;
  if (!idle && !signal.aborted) feed({ type: 'stream_ended', reason }, cause);
}
