/**
 * The thread that renews the claims and the jobs of a process while its event loop is blocked. It connects only then. The
 * `workerData` of this thread is {@link RenewalSetup}. Each message is a {@link Renewal}.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { StandIn } from '../stand-in.ts';
import { currentSign, type ThreadSignals } from '../thread-signals.ts';
import { statement } from './connection.ts';
import type { PostgresValue } from './pool.ts';

export interface RenewalSetup {
  /** The options for a client of `pg`. */
  readonly options: object;
  readonly signals: ThreadSignals;
  readonly port: MessagePort;
}

/** A renewal that the main thread has just performed. A later message with the same key replaces it. */
export interface Renewal {
  readonly key: string;
  readonly text: string;
  readonly values: readonly PostgresValue[];
  /** The time after which it expires. */
  readonly ttlMs: number;
}

/** The interval at which the thread checks whether the main thread is blocked, in milliseconds. */
const checkEveryMs = 250;
/** After this time without a renewal by the thread, its connection is closed, in milliseconds. */
const idleMs = 10_000;

const { options, signals, port }: RenewalSetup = workerData;
const standIn = new StandIn();
const renewals = new Map<string, Renewal>();
let client: pg.Client | undefined;
let usedAt = 0;
let isRenewing = false;

/** A connection that fails is replaced at the next check. */
async function connect(): Promise<pg.Client> {
  const opened = new pg.Client(options);
  opened.on('error', () => {
    if (client === opened) client = undefined;
  });
  await opened.connect();
  return opened;
}

async function renew({ key, text, values, ttlMs }: Renewal): Promise<void> {
  client ??= await connect();
  const used = client;
  try {
    await used.query(statement(text, values));
  } catch (error) {
    client = undefined;
    used.end().catch(() => undefined);
    throw error;
  }
  usedAt = performance.now();
  standIn.renewed(key, ttlMs, usedAt);
}

async function check(): Promise<void> {
  if (isRenewing) return;
  isRenewing = true;
  try {
    for (const [key] of standIn.due(currentSign(signals), performance.now())) {
      const renewal = renewals.get(key);
      if (renewal !== undefined) await renew(renewal);
    }
    if (client !== undefined && performance.now() - usedAt > idleMs) {
      const idle = client;
      client = undefined;
      await idle.end();
    }
  } catch {
    // The next check tries again.
  } finally {
    isRenewing = false;
  }
}

setInterval(() => void check(), checkEveryMs);
port.on('message', (renewal: Renewal) => {
  renewals.set(renewal.key, renewal);
  standIn.renewed(renewal.key, renewal.ttlMs, performance.now());
});
