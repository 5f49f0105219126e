import process from 'node:process';
import { systemClock } from '../../../clock/system-clock.ts';
import { withTimeout } from '../../../clock/time-out.ts';
import { backOff } from '../../../engine/policy/retry-delay.ts';
import { errorMessage } from '../../../errors/error-message.ts';
import { rowsOf, statement } from '../connection.ts';
import type { PostgresPool, PostgresResult, PostgresValue } from '../pool.ts';
import type { Row } from '../row.ts';
import { newListenClient, type ListenClient } from './listen-client.ts';

export interface ListenEvents {
  /** A message has arrived. */
  readonly received: (message: string) => void;
  /** From now on, messages arrive. Messages before that may be lost. */
  readonly connected: () => void;
  /** Until `connected`, no messages arrive. */
  readonly disconnected: () => void;
}

/** The time limit of the statements of this connection, in milliseconds. */
const answerWithinMs = 10_000;
/** After this time, a connection that receives no message to itself counts as one that receives none. */
const probeWithinMs = 5_000;
/** The time limit of `close`, in milliseconds. */
const closeWithinMs = 2_000;
/** The number of failed attempts to connect after which a warning is printed. */
const failuresToWarn = 3;

/** The pauses before attempts to connect, in milliseconds. */
const firstRetryMs = 100;
const lastRetryMs = 10_000;

/** No message arrives, although LISTEN has succeeded. */
class Unheard extends Error {
  constructor() {
    super(
      'LISTEN succeeds, but no message arrives, as behind a pooler that shares connections between clients. Pass a Pool with a direct connection as `directDatabase`, or a `liveChannel`.',
    );
  }
}

/** A connection that listens to one channel. If it breaks, another one is opened. */
export class ListenConnection {
  readonly #pool: PostgresPool;
  readonly #channel: string;
  readonly #events: ListenEvents;
  #client: ListenClient | undefined;
  /** The statements in progress. `pg` would end the connection without waiting for them. */
  readonly #answers = new Set<Promise<PostgresResult>>();
  /** Whether messages arrive. */
  #isListening = false;
  #failures = 0;
  #hasWarned = false;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Called when the message of the connection to itself has arrived. */
  #probed: ((probe: string) => void) | undefined;

  constructor(pool: PostgresPool, channel: string, events: ListenEvents) {
    this.#pool = pool;
    this.#channel = channel;
    this.#events = events;
    void this.#connect();
  }

  /** Whether messages arrive, and statements can be performed. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Performs a statement on this connection. If it fails, the connection is replaced. */
  async query(text: string, values: readonly PostgresValue[]): Promise<Row[]> {
    const client = this.#client;
    if (client === undefined) throw new Error('The connection for notices is not open.');
    const answer = client.query({ ...statement(text, values), query_timeout: answerWithinMs });
    this.#answers.add(answer);
    try {
      return rowsOf(await answer);
    } catch (error) {
      this.#lost(client, error);
      throw error;
    } finally {
      this.#answers.delete(answer);
    }
  }

  /** Ends the connection after the statements in progress, or without them after a time limit. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    this.#isListening = false;
    const ended = Promise.allSettled(this.#answers).then(() => client?.end());
    await withTimeout(
      closeWithinMs,
      systemClock,
      ended,
      () => void client?.end().catch(() => undefined),
    ).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return;
    let client: ListenClient | undefined;
    try {
      client = newListenClient(this.#pool, this.#channel);
      this.#client = client;
      this.#observe(client);
      await client.connect();
      client.unref?.();
      await this.query(`LISTEN ${quoted(this.#channel)}`, []);
      await this.#probe();
    } catch (error) {
      return this.#lost(client, error);
    }
    if (this.#client !== client) return;
    this.#failures = 0;
    this.#hasWarned = false;
    this.#isListening = true;
    this.#events.connected();
  }

  #observe(client: ListenClient): void {
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('The connection has ended.')));
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel !== this.#channel || this.#client !== client) return;
      this.#probed?.(payload);
      if (this.#isListening) this.#events.received(payload);
    });
  }

  /** Sends a message to itself. Behind a pooler that shares connections, LISTEN succeeds, but no message arrives. */
  async #probe(): Promise<void> {
    const probe = `probe ${crypto.randomUUID()}`;
    let timer: NodeJS.Timeout | undefined;
    const arrived = new Promise<void>((resolve, reject) => {
      this.#probed = (payload) => payload === probe && resolve();
      timer = setTimeout(() => reject(new Unheard()), probeWithinMs).unref();
    });
    try {
      await this.query('SELECT pg_notify($1, $2)', [this.#channel, probe]);
      await arrived;
    } finally {
      clearTimeout(timer);
      this.#probed = undefined;
    }
  }

  /** The connection cannot be used. Another one is opened later. */
  #lost(client: ListenClient | undefined, error: unknown): void {
    if (this.#isClosed || this.#client !== client) return;
    this.#client = undefined;
    client?.end().catch(() => undefined);
    const wasListening = this.#isListening;
    this.#isListening = false;
    this.#failures += 1;
    this.#warn(error);
    this.#retry = setTimeout(
      () => void this.#connect(),
      backOff(this.#failures, Math.random(), firstRetryMs, lastRetryMs),
    ).unref();
    if (wasListening) this.#events.disconnected();
  }

  /** Warns once until a connection succeeds, and not of a failure that may end soon. */
  #warn(error: unknown): void {
    const mayEndSoon = !(error instanceof Unheard) && this.#failures < failuresToWarn;
    if (this.#hasWarned || mayEndSoon) return;
    this.#hasWarned = true;
    process.emitWarning(
      `The store cannot receive notices of other processes at present. It queries their changes once a second, and their live text is missing. It tries again. ${errorMessage(error)}`,
      'LonghaulWarning',
    );
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
