import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { StoreError } from '../../errors/store-error.ts';
import type { Call, Outcome } from './calls.ts';
import type { ExchangeOptions, ExchangeReport } from './notice-exchange.ts';
import type { DatabaseOptions } from './open-database.ts';
import { askToClose, awaitClosed, giveSign, newSignals } from '../thread-signals.ts';
import type { WorkerSetup } from './worker.ts';

/** A thread that performs calls, one batch at a time. */
export interface DatabaseThread {
  /** Performs a batch. `answered` or `failed` is called once for it. The process stays alive until then. */
  send(calls: readonly Call[]): void;
  /**
   * Closes the database and waits for it, for at most 10 s. After that, this process no longer has the file open.
   *
   * @returns the outcomes of the batch in progress, if it was performed
   */
  close(): readonly Outcome[] | undefined;
}

export interface DatabaseThreadSetup {
  readonly file: URL;
  readonly options: DatabaseOptions;
  readonly exchange: ExchangeOptions;
  /** Whether the thread receives the notices of other stores from its start, without a call. */
  readonly watches: boolean;
  readonly answered: (outcomes: readonly Outcome[]) => void;
  /** Called with the notices of other stores. */
  readonly reported: (report: ExchangeReport) => void;
  /** Called when the thread has ended. Its calls are not answered, and the next batch needs a new thread. */
  readonly failed: (error: Error) => void;
}

/** The interval at which the main thread signals that it is not blocked, in milliseconds. */
const signEveryMs = 200;
/** The maximum wait for the end of the last transaction and for the file's last checkpoint, in milliseconds. */
const closeWithinMs = 10_000;

export function databaseThread(setup: DatabaseThreadSetup): DatabaseThread {
  const { file, options, exchange, watches, answered, reported, failed } = setup;
  const signals = newSignals();
  const { port1: port, port2 } = new MessageChannel();
  const { port1: live, port2: live2 } = new MessageChannel();
  const workerData: WorkerSetup = { options, exchange, watches, signals, port: port2, live: live2 };
  // The thread ignores the process's own options: preloads, an entry given as text, a debugger.
  const worker = new Worker(file, {
    name: 'longhaul-sqlite',
    workerData,
    transferList: [port2, live2],
    execArgv: [],
  });
  const signing = setInterval(() => giveSign(signals), signEveryMs);
  let over = false;
  const end = (error: Error): void => {
    if (over) return;
    over = true;
    clearInterval(signing);
    port.close();
    live.close();
    failed(error);
  };

  signing.unref();
  worker.unref();
  worker.on('error', end);
  worker.on('exit', (code) =>
    end(new StoreError('unavailable', `The store's thread ended: exit code ${code}.`)),
  );
  port.on('message', (outcomes: readonly Outcome[]) => {
    if (over) return;
    port.unref();
    answered(outcomes);
  });
  port.unref();
  live.on('message', (report: ExchangeReport) => {
    if (!over) reported(report);
  });
  live.unref();

  return {
    send: (calls) => {
      giveSign(signals);
      port.ref();
      port.postMessage(calls);
    },
    close: () => {
      over = true;
      clearInterval(signing);
      askToClose(signals);
      port.postMessage([]);
      awaitClosed(signals, closeWithinMs);
      const last = receiveMessageOnPort(port);
      port.close();
      live.close();
      return last?.message;
    },
  };
}
