import { abortReason } from '../../clock/abort-reason.ts';
import { monotonicNow, type Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { fieldsOf, isJsonObject, type JsonObject } from '../../wire/json.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { readMessages, type StreamMessage } from './read-messages.ts';
import type { WatchedRun } from './watched-run.ts';
import { isTransient, refusedMs, retryAfterOf, type ServerAccess } from './server-access.ts';

/** The connection counts as lost after this time without bytes, in milliseconds: three heartbeats of the server. */
const idleMs = 45_000;
/** The delay between two checks of the time without bytes, in milliseconds. */
const checkEveryMs = 5_000;
/** A connection that ended earlier, in milliseconds, is opened again after a pause. */
const shortMs = 1_000;

/** The parts of the runner that a connection uses. */
export interface ConnectionHost {
  readonly server: ServerAccess;
  readonly clock: Clock;
  /** The visitor's list of runs has changed. */
  listChanged(): void;
}

function isEvent(value: unknown): value is JsonObject & RunEvent {
  if (!isJsonObject(value) || typeof value['type'] !== 'string' || typeof value['seq'] !== 'number')
    return false;
  return value['type'] !== 'view' || isJsonObject(value['view']);
}

/**
 * One connection that delivers the events of several runs. It is opened again until it is ended: after a break with
 * back-off, and immediately after the server has ended it. The credentials are fresh each time.
 */
export class Connection {
  readonly #host: ConnectionHost;
  readonly #ended = new AbortController();
  /** Several handles may have the same id. */
  readonly #runs: Set<WatchedRun>;
  /** Aborts the current attempt, so that the next one begins. */
  #attempt = new AbortController();
  #lastBytesAt = 0;
  /** Whether the server, or a proxy, has answered the request for the stream. */
  #isAnswered = false;
  #delivered = false;
  /** The next attempt begins without a pause. */
  #isUrgent = false;

  constructor(host: ConnectionHost, runs: readonly WatchedRun[]) {
    this.#host = host;
    this.#runs = new Set(runs);
    void this.#repeat();
  }

  covers(run: WatchedRun): boolean {
    return this.#runs.has(run);
  }

  end(): void {
    this.#ended.abort(abortReason);
    this.#attempt.abort(abortReason);
    this.#release();
  }

  /** The network or the page is back. A connection without a recent heartbeat is opened again. */
  wake(): void {
    if (monotonicNow(this.#host.clock) - this.#lastBytesAt < idleMs / 2) return;
    this.#isUrgent = true;
    this.#attempt.abort(abortReason);
  }

  async #repeat(): Promise<void> {
    const { server } = this.#host;
    const { signal } = this.#ended;
    for (let tries = 1; !signal.aborted; tries += 1) {
      this.#isAnswered = false;
      this.#delivered = false;
      this.#isUrgent = false;
      const beganAt = monotonicNow(this.#host.clock);
      const pause = await this.#connect();
      this.#release();
      if (signal.aborted) return;
      // A proxy may hold the stream back, or the server may refuse it. The page then shows the views that it reads.
      if (this.#isAnswered && !this.#delivered) for (const run of this.#runs) void run.refresh();
      if (this.#delivered) tries = 1;
      const isLong = monotonicNow(this.#host.clock) - beganAt >= shortMs;
      const mustPause = pause !== 'ended' || !this.#delivered || !isLong;
      if (!mustPause || this.#isUrgent) continue;
      await server.pause(typeof pause === 'function' ? pause(tries) : server.backOff(tries), signal);
    }
  }

  /** The runs are no longer delivered, so fetched views may be shown. */
  #release(): void {
    for (const run of this.#runs) if (run.source === this) run.source = undefined;
  }

  /** Opens the connection and reads it. Returns `ended` at its end, or the pause before the next attempt. */
  async #connect(): Promise<'ended' | 'broken' | ((tries: number) => number)> {
    const { server, clock } = this.#host;
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    this.#lastBytesAt = monotonicNow(clock);
    const endWatch = repeat(clock, checkEveryMs, () => {
      if (monotonicNow(clock) - this.#lastBytesAt > idleMs) this.#attempt.abort(abortReason);
    });
    const afters = new Map<string, number>();
    for (const { id, seq } of this.#runs) afters.set(id, Math.min(seq, afters.get(id) ?? seq));
    const wanted = [...afters].map(([id, seq]) => `${encodeURIComponent(id)}:${seq}`);
    try {
      for (const run of this.#runs) run.source = this;
      const headers = { accept: 'text/event-stream' };
      const response = await server.open(`/events?runs=${wanted.join(',')}`, { headers, signal });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      this.#isAnswered = true;
      if (!response.ok || !isStream || response.body === null) return await this.#refused(response);
      // The server reports only changes that it notices while the connection is open.
      this.#host.listChanged();
      for await (const messages of readMessages(response.body)) {
        if (signal.aborted) return 'broken';
        this.#delivered = true;
        server.refusals.over();
        this.#lastBytesAt = monotonicNow(clock);
        this.#receive(messages);
      }
      return 'ended';
    } catch {
      return 'broken';
    } finally {
      endWatch();
    }
  }

  /** The pause after an answer that is not a stream. A refusal that a repetition does not change pauses longer. */
  async #refused(response: Response): Promise<(tries: number) => number> {
    const { server } = this.#host;
    const { status } = response;
    await response.body?.cancel();
    const asked = retryAfterOf(response);
    const isFinal = !response.ok && !isTransient(response);
    if (response.ok || isFinal)
      server.refusals.report(
        `the request for the stream of events had the status ${status} and no stream; it is repeated. ` +
          'Check `baseURL` and `headers`, and the options `authorize` and `cors` of the server.',
      );
    return (tries) => Math.max(asked, server.backOff(tries, ...(isFinal ? refusedMs : [])));
  }

  #receive(messages: readonly StreamMessage[]): void {
    const touched = new Set<WatchedRun>();
    for (const { event: type, data } of messages) {
      if (type === 'list') this.#host.listChanged();
      const { runId, event } = fieldsOf(parseJson(data));
      for (const run of this.#runs) {
        if (run.id !== runId) continue;
        touched.add(run);
        if (type === 'message' && isEvent(event)) run.receive(event);
        if (type === 'gone' || type === 'end') this.#leave(run, type);
      }
    }
    for (const run of touched) run.flush();
  }

  /** The server delivers no more events of the run. */
  #leave(run: WatchedRun, type: 'gone' | 'end'): void {
    run.source = undefined;
    if (type === 'gone') run.gone();
    // The end was in an event that this page has not received.
    if (run.isWatched) void run.refresh();
    else this.#runs.delete(run);
  }
}
