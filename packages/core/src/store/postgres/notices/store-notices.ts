import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { repeat } from '../../../clock/repeat.ts';
import { systemClock } from '../../../clock/system-clock.ts';
import { withTimeout } from '../../../clock/time-out.ts';
import type { RunLook, RunNotice } from '../../run-store.ts';
import { sharedListeners } from '../../shared-listeners.ts';
import type { Connection } from '../connection.ts';
import { expiredClaims } from '../expired-claims.ts';
import type { LiveChannel } from '../live-channel.ts';
import type { PostgresPool } from '../pool.ts';
import { KnownRuns } from './known-runs.ts';
import { ListenConnection } from './listen-connection.ts';
import { NoticeExchange, type NoticeTransport } from './notice-exchange.ts';

export interface StoreNoticesOptions {
  readonly connection: Connection;
  /** The Pool with the options for the connection that listens. */
  readonly direct: PostgresPool;
  /** The name of the schema, which determines the name of the channel. */
  readonly schema: string;
  readonly liveChannel: LiveChannel | undefined;
  readonly look: (runIds: readonly string[]) => Promise<RunLook[]>;
}

/** The notices of a store. */
export interface StoreNotices {
  /** See `RunStore.watch`. */
  watch(listener: (notice: RunNotice) => void): () => void;
  /** Notifies the listeners of this store and of all others. */
  notify(notice: RunNotice): void;
  /** This process has read the runs, and probably follows them. */
  read(runIds: readonly string[]): void;
  /** Resolves when notices of other processes arrive, after the first `watch`. */
  listening(): Promise<void>;
  /** Sends what waits, and ends the connection. */
  close(): Promise<void>;
}

/**
 * Maximum number of messages that are sent together. There are at most 25 such sendings a second, so a process sends at
 * most 200 messages a second.
 */
const mostAtOnce = 8;
/** The interval at which the store looks for expired claims or, without notices, for changes, in milliseconds. */
const lookEveryMs = 1_000;
/** The time limit for the last notices of a store that is closed, in milliseconds. */
const closeWithinMs = 2_000;
/** The maximum length of a channel's name in PostgreSQL, in bytes. */
const longestName = 63;

/** The name of the channel on which the stores of a schema exchange notices. */
export function channelOf(schema: string): string {
  const name = `longhaul ${schema}`;
  if (Buffer.byteLength(name) <= longestName) return name;
  return `longhaul ${createHash('sha256').update(schema).digest('hex').slice(0, 40)}`;
}

/** An application that has ended its Pool needs no warning that notices cannot be sent. */
function isEnded(pool: PostgresPool): boolean {
  return Reflect.get(pool, 'ending') === true;
}

export function storeNotices(options: StoreNoticesOptions): StoreNotices {
  const { connection, direct, schema, liveChannel, look } = options;
  const channel = channelOf(schema);
  const known = new KnownRuns();
  let listen: ListenConnection | undefined;
  let isListening = Promise.withResolvers<void>();

  const transport: NoticeTransport = {
    mostAtOnce: liveChannel === undefined ? mostAtOnce : Number.POSITIVE_INFINITY,
    send: async (messages) => {
      if (liveChannel !== undefined) return messages.forEach((message) => liveChannel.publish(message));
      const text = 'SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message';
      if (listen?.isListening === true) await listen.query(text, [channel, messages]);
      else if (!isEnded(connection.pool)) await connection.query('send notices', text, [channel, messages]);
    },
  };
  const listeners = sharedListeners(begin);
  const exchange = new NoticeExchange(transport, listeners.notify);
  const expired = expiredClaims(connection);

  /** Reports what has changed while notices may have been lost. */
  async function reportChanges(): Promise<void> {
    const runIds = known.current(performance.now());
    if (runIds.length === 0) return;
    for (const notice of known.changes(await look(runIds))) listeners.notify(notice);
  }

  async function lookAround(): Promise<void> {
    try {
      await connection.ready();
      if (liveChannel === undefined && listen?.isListening !== true) return await reportChanges();
      // On the connection that listens, so that this also detects that it is broken.
      const found = await expired((text, values) =>
        listen === undefined
          ? connection.query('look for expired claims', text, values)
          : listen.query(text, values),
      );
      for (const runId of found) listeners.notify({ type: 'released', runId });
    } catch {
      // The next look tries again.
    }
  }

  function begin(): () => void {
    const endLooking = repeat(systemClock, lookEveryMs, lookAround, { unref: true });
    const receive = (message: string): void => exchange.received(message);
    if (liveChannel !== undefined) {
      const unsubscribe = liveChannel.subscribe(receive);
      isListening.resolve();
      return () => {
        endLooking();
        unsubscribe();
      };
    }
    const opened = new ListenConnection(direct, channel, {
      received: receive,
      connected: () => {
        isListening.resolve();
        void reportChanges().catch(() => undefined);
      },
      disconnected: () => {
        isListening = Promise.withResolvers();
        known.forgetLooks();
      },
    });
    listen = opened;
    return () => {
      endLooking();
      listen = undefined;
      void opened.close();
    };
  }

  return {
    watch: listeners.watch,
    notify: (notice) => {
      listeners.notify(notice);
      exchange.send(notice);
    },
    read: (runIds) => known.read(runIds, performance.now()),
    listening: () => isListening.promise,
    close: async () => {
      // A server that does not answer must not keep the process from ending.
      await withTimeout(closeWithinMs, systemClock, exchange.close(), () => undefined);
      const opened = listen;
      listeners.close();
      await opened?.close();
    },
  };
}
