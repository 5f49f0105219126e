import type { Clock } from '../../clock/clock.ts';
import { monotonicNow } from '../../clock/elapsed.ts';
import { abortReason } from '../../clock/abort-reason.ts';
import { timeOut } from '../../clock/time-out.ts';
import type { EngineEventBody } from '../../engine/engine-event.ts';
import { isProgress } from '../../engine/steps/stream-events.ts';
import { fieldsOf, isJsonObject } from '../../wire/json.ts';

/** Texts that say nothing of an error: the end of a stream, and what keeps a connection alive. */
const noError = /^\W*(?:done|ping|keep-?alive|heartbeat)?\W*$/i;

/** Some gateways send an error as a mere text. */
function errorOfText(event: unknown): unknown {
  return typeof event === 'string' && !noError.test(event) ? { type: 'error', message: event } : event;
}

/**
 * How long a stream of a background response may bring no event of it, in milliseconds. Pings may come from a gateway
 * that has lost the server: they would keep the connection open without end.
 */
const progressWithinMs = 15 * 60_000;

/**
 * Feeds a stream's events to the engine, and how it ended. A connection can stay open and be silent for ever, which
 * no time-out of an HTTP client notices: after `idleMs` without a byte the stream counts as lost. That time begins with
 * the first complete event, where `fromFirstEvent` says so: until then a proxy may hold the stream back.
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
  let heardAt = monotonicNow(clock);
  let progressAt = heardAt;
  // A background response can be polled when its stream is given up. A foreground response cannot.
  let goesOn = !watch.fromFirstEvent;
  let idle = false;
  const watchdog = async (): Promise<void> => {
    for (;;) {
      const heard = heardAt;
      const silentMs = Math.max(0, monotonicNow(clock) - heard);
      await timeOut(clock, Math.max(1, idleMs - silentMs), over.signal);
      if (over.signal.aborted || signal.aborted) return;
      // A sleep that has resolved is over, whatever the clock says.
      const isQuiet = goesOn && monotonicNow(clock) - progressAt >= progressWithinMs;
      if (heard !== heardAt && !isQuiet) continue;
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
      heardAt = monotonicNow(clock);
      const events = batch.map(errorOfText).filter(isJsonObject);
      if (events.length === 0) continue;
      if (events.some((event) => isProgress(event, null))) progressAt = heardAt;
      goesOn ||= events.some(({ response }) => fieldsOf(response)['background'] === true);
      watching ??= watchdog();
      feed({ type: 'streamed', events });
    }
  } catch (error) {
    cause = error;
    // How a connection breaks differs between platforms, and makes no difference: the response goes on.
    reason = 'lost';
  } finally {
    over.abort(abortReason);
  }
  await watching;
  if (!idle && !signal.aborted) feed({ type: 'stream_ended', reason }, cause);
}
