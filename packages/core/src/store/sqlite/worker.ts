/**
 * The thread of a store's database. The main thread sends calls in batches, and does not wait for the disk until it
 * closes the store. The `workerData` of this thread is {@link WorkerSetup}.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Call, Outcome } from './calls.ts';
import { type ExchangeOptions, NoticeExchange } from './notice-exchange.ts';
import { connectDatabase, type DatabaseOptions } from './open-database.ts';
import { performCalls, type PerformCalls } from './perform-calls.ts';
import { StandIn } from '../stand-in.ts';
import { currentSign, isOpen, pause, tellClosed, type ThreadSignals } from '../thread-signals.ts';
import { thrownData } from './calls.ts';
import { beginWriting, whileBusy } from './write-lock.ts';

export interface WorkerSetup {
  readonly options: DatabaseOptions;
  readonly exchange: ExchangeOptions;
  /** Whether the thread receives the notices of other stores from its start. */
  readonly watches: boolean;
  readonly signals: ThreadSignals;
  /** Receives batches, each an array of calls, and sends the outcomes of each batch. */
  readonly port: MessagePort;
  /** Sends each {@link ExchangeReport}. */
  readonly live: MessagePort;
}

/** The interval at which the thread checks whether the main thread is blocked, in milliseconds. */
const standInEveryMs = 250;

const { options, exchange, watches, signals, port, live }: WorkerSetup = workerData;
const standIn = new StandIn();
const notices = new NoticeExchange(exchange, (report) => live.postMessage(report));
let connection: { readonly perform: PerformCalls; readonly close: () => void } | undefined;

function connect(): NonNullable<typeof connection> {
  const database = connectDatabase(options);
  const { synchronous, busyTimeoutMs } = options;
  const sleep = (ms: number): boolean => pause(signals, ms);
  const begin = (): void => beginWriting(database, busyTimeoutMs, sleep);
  const wait = <T>(read: () => T): T => whileBusy(read, busyTimeoutMs, sleep);
  return { perform: performCalls({ database, synchronous, begin, wait }), close: () => database.close() };
}

function perform(calls: readonly Call[]): readonly Outcome[] {
  try {
    // Opened for the first batch. If that fails, the next batch tries again.
    connection ??= connect();
    return connection.perform(calls);
  } catch (error) {
    return calls.map(() => ({ thrown: thrownData(error) }));
  }
}

function standInForMain(): void {
  for (const [owner, ttlMs] of standIn.due(currentSign(signals), performance.now())) {
    const [outcome] = perform([{ type: 'renew', owner, ttlMs }]);
    // A failed renewal is repeated at the next check.
    if (outcome !== undefined && 'answer' in outcome) standIn.renewed(owner, ttlMs, performance.now());
  }
}

function close(): void {
  clearInterval(timer);
  port.close();
  try {
    notices.close();
    live.close();
    connection?.close();
  } finally {
    tellClosed(signals);
  }
}

const timer = setInterval(standInForMain, standInEveryMs);
port.on('message', (calls: readonly Call[]) => {
  if (!isOpen(signals)) return close();
  const outcomes = perform(calls);
  for (const [index, call] of calls.entries()) {
    if (call.type !== 'claim' && call.type !== 'renew') continue;
    const outcome = outcomes[index];
    const isOwners = outcome !== undefined && 'answer' in outcome && outcome.answer !== false;
    if (isOwners) standIn.renewed(call.owner, call.ttlMs, performance.now());
  }
  // Before the answer, because the process may exit when it has the answer.
  notices.performed(calls, outcomes);
  port.postMessage(outcomes);
});
if (watches) notices.watch();
