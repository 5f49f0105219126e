import { existsSync } from 'node:fs';
import process from 'node:process';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { errorMessage } from '../../errors/error-message.ts';
import { isObject } from '../../errors/must-be.ts';
import { giveSign, newSignals } from '../thread-signals.ts';
import type { PostgresPool } from './pool.ts';
import type { Renewal, RenewalSetup } from './renewal-worker.ts';

/** The interval at which the main thread signals that it is not blocked, in milliseconds. */
const signEveryMs = 200;
/** The thread starts this long after the first claim, so that a short process does not need it, in milliseconds. */
const startAfterMs = 500;
/** Options of a Pool that a connection for renewals does not need, and that a thread cannot receive. */
const unneeded: ReadonlySet<string> = new Set(['Client', 'Promise', 'log', 'verify', 'types']);

/** Renews claims and jobs in a thread while the event loop of this process is blocked. */
export interface RenewalThread {
  /** This process has just renewed something itself. The first call starts the thread. */
  renewed(renewal: Renewal): void;
  close(): Promise<void>;
}

export function renewalThread(pool: PostgresPool): RenewalThread {
  let port: MessagePort | undefined;
  let end: (() => Promise<unknown>) | undefined;
  let starting: NodeJS.Timeout | undefined;
  /** The last message for each key, until the thread starts. */
  const waiting = new Map<string, Renewal>();

  /** Starts the thread. After a failure, there is none. */
  function start(): void {
    try {
      const options = clientOptions(pool);
      const signals = newSignals();
      const { port1, port2 } = new MessageChannel();
      const setup: RenewalSetup = { options, signals, port: port2 };
      const worker = new Worker(workerFile(), {
        name: 'longhaul-postgres',
        workerData: setup,
        transferList: [port2],
        execArgv: [],
      });
      const signing = setInterval(() => giveSign(signals), signEveryMs).unref();
      const stop = (): void => {
        clearInterval(signing);
        port1.close();
        port = undefined;
      };
      worker.on('error', (error) => {
        stop();
        warn(errorMessage(error));
      });
      worker.on('exit', stop);
      worker.unref();
      port1.unref();
      port = port1;
      for (const renewal of waiting.values()) port1.postMessage(renewal);
      end = () => worker.terminate();
    } catch (error) {
      warn(errorMessage(error));
    } finally {
      waiting.clear();
    }
  }

  return {
    renewed: (renewal) => {
      starting ??= setTimeout(start, startAfterMs).unref();
      if (port === undefined) waiting.set(renewal.key, renewal);
      else port.postMessage(renewal);
    },
    close: async () => {
      clearTimeout(starting);
      await end?.();
    },
  };
}

/** The options of a Pool as plain data. */
function clientOptions(pool: PostgresPool): object {
  const options: unknown = Reflect.get(pool, 'options');
  if (!isObject(options)) throw new Error('The Pool has no `options`.');
  const plain: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => !unneeded.has(name))),
    // A Pool hides these fields from copies.
    password: Reflect.get(options, 'password'),
    ...('ssl' in options && { ssl: plainSsl(options.ssl) }),
    keepAlive: true,
    application_name: 'longhaul renewals',
  };
  for (const [name, value] of Object.entries(plain)) {
    try {
      structuredClone(value);
    } catch {
      throw new Error(`The Pool's option \`${name}\` cannot be passed to a thread.`);
    }
  }
  return plain;
}

function plainSsl(ssl: unknown): unknown {
  return isObject(ssl) ? { ...ssl, ...('key' in ssl && { key: ssl.key }) } : ssl;
}

/** The thread's file is in the same folder as this file, in the package and in its sources. */
function workerFile(): URL {
  const name = import.meta.url.endsWith('.ts') ? './renewal-worker.ts' : './renewal-worker.js';
  const file = URL.canParse(name, import.meta.url) ? new URL(name, import.meta.url) : undefined;
  if (file?.protocol === 'file:' && existsSync(file)) return file;
  throw new Error(
    'Its file is missing. Exclude @longhaul/core from the bundle, or copy its dist/store/postgres/renewal-worker.js and the files that it imports.',
  );
}

function warn(reason: string): void {
  process.emitWarning(
    `postgresStore renews nothing while the event loop is blocked, so other processes may then take over the runs of this one. ${reason}`,
    'LonghaulWarning',
  );
}
