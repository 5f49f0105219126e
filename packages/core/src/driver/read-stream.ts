import type { Clock } from '../clock/clock.ts';
import { noLongerNeeded } from '../clock/no-longer-needed.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';

type StreamHappening =
  | { readonly type: 'streamed'; readonly events: readonly JsonObject[] }
  | { readonly type: 'stream_ended'; readonly reason: 'eof' | 'lost' | 'idle' };

/**
 * Feeds a stream's events to the engine, and how it ended. A connection can stay open and be silent for ever, which
 * no time-out of an HTTP client notices: after `idleMs` without a byte the stream counts as lost.
 */
export async function readStream(
  batches: AsyncIterable<readonly unknown[]>,
  watch: { readonly clock: Clock; readonly idleMs: number; readonly signal: AbortSignal; hangUp(): void },
  feed: (happening: StreamHappening, cause?: unknown) => void,
): Promise<void> {
  const { clock, idleMs, signal } = watch;
  const over = new AbortController();
  let heardAt = clock.now();
  let idle = false;
  const watchdog = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(Math.max(1, heardAt + idleMs - clock.now()), over.signal);
      if (over.signal.aborted || signal.aborted) return;
      if (clock.now() - heardAt >= idleMs) {
        idle = true;
        feed({ type: 'stream_ended', reason: 'idle' });
        return watch.hangUp();
      }
    }
  };
  const watching = watchdog();
  let reason: 'eof' | 'lost' = 'eof';
  let cause: unknown;
  try {
    for await (const batch of batches) {
      if (signal.aborted) return;
      heardAt = clock.now();
      const events = batch.filter(isJsonObject);
      if (events.length > 0) feed({ type: 'streamed', events });
    }
  } catch (error) {
    cause = error;
    // How a connection breaks differs between platforms, and makes no difference: the response goes on.
    reason = 'lost';
  } finally {
    over.abort(noLongerNeeded);
  }
  await watching;
  if (!idle && !signal.aborted) feed({ type: 'stream_ended', reason }, cause);
}
