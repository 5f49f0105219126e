/**
 * The thread that renews the claims of a process while its event loop is blocked. It connects only then. The
 * `workerData` of this thread is {@link RenewalSetup}. Each message is a {@link RenewedOwner}.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { StandIn } from '../stand-in.ts';
import { currentSign, type ThreadSignals } from '../thread-signals.ts';
import { statement } from './connection.ts';
import { renewing } from './renewing.ts';

export interface RenewalSetup {
  /** The options for a client of `pg`. */
  readonly options: object;
  /** The quoted name of the schema. */
  readonly schema: string;
  readonly signals: ThreadSignals;
  readonly port: MessagePort;
}

/** An owner whose claims the main thread has obtained or renewed. */
export interface RenewedOwner {
  /** As the database stores it. */
  readonly owner: string;
  readonly ttlMs: number;
}

/** The interval at which the thread checks whether the main thread is blocked, in milliseconds. */
const checkEveryMs = 250;
/** After this time without a renewal by the thread, its connection is closed, in milliseconds. */
const idleMs = 10_000;

const { options, schema, signals, port }: RenewalSetup = workerData;
const standIn = new StandIn();
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

async function renew(owner: string, ttlMs: number): Promise<void> {
  client ??= await connect();
  const used = client;
  try {
    await used.query(statement(renewing(schema), [owner, ttlMs]));
  } catch (error) {
    client = undefined;
    used.end().catch(() => undefined);
    throw error;
  }
  usedAt = performance.now();
  standIn.renewed(owner, ttlMs, usedAt);
}

async function check(): Promise<void> {
  if (isRenewing) return;
  isRenewing = true;
  try {
    for (const [owner, ttlMs] of standIn.due(currentSign(signals), performance.now())) await renew(owner, ttlMs);
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
port.on('message', ({ owner, ttlMs }: RenewedOwner) => standIn.renewed(owner, ttlMs, performance.now()));
