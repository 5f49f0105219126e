import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { dataFolder } from './data-folder.ts';
import { endChild, isRunning, startChild } from './workers/child-processes.ts';
import { readMessageToSupervisor, type MessageToSupervisor, type MessageToWeb } from './workers/messages.ts';
import { databaseProblem, openDatabase, type OpenDatabase } from './workers/open-database.ts';
import { WorkerCrew } from './workers/worker-crew.ts';

/**
 * `npm run start:workers`: the demo on PostgreSQL, with a web process and two worker processes. This process starts all
 * of them, and ends them on Ctrl-C. If it is killed, they end too.
 */
const script = fileURLToPath(new URL('./dev-server.ts', import.meta.url));
const workerNumbers = [1, 2];
/** Milliseconds until a killed web process is started again: long enough that the page detects the failure. */
const restartAfterMs = 2_500;

const problem = databaseProblem(process.env);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}

let web: ChildProcess;
let port: number | undefined;
let apiPort: number | null = null;
let database: Promise<OpenDatabase> | undefined;
let crew: WorkerCrew | undefined;
let restart: NodeJS.Timeout | undefined;
let isStopping = false;

function startWeb(): void {
  const last = port === undefined ? {} : { LONGHAUL_DEMO_PORT: String(port) };
  const api = apiPort === null ? {} : { LONGHAUL_DEMO_API_PORT: String(apiPort) };
  web = startChild(script, { ...process.env, ...last, ...api, LONGHAUL_DEMO_WORKERS: 'on' });
  web.on('message', (received) => {
    const message = readMessageToSupervisor(received);
    if (message !== undefined) take(message).catch((error: unknown) => fail(error));
  });
  web.once('exit', (code, signal) => {
    if (isStopping) return;
    // Only the page's button kills the process.
    if (crew === undefined || signal !== 'SIGKILL') return void stop(code ?? 1);
    console.log(`The web process was killed. It restarts in ${restartAfterMs / 1_000} s.`);
    restart = setTimeout(startWeb, restartAfterMs);
  });
}

async function take(message: MessageToSupervisor): Promise<void> {
  switch (message.type) {
    case 'listening': {
      ({ port } = message);
      database ??= openDatabase(process.env, port);
      const { url, schema } = await database;
      tellWeb({ type: 'database', database: { url, schema } });
      return;
    }
    case 'ready':
      ({ apiPort } = message);
      await startWorkers();
      return;
    case 'order':
      crew?.order(message.action, message.worker);
  }
}

/** The workers outlive the web process, so they are started only once. */
async function startWorkers(): Promise<void> {
  if (crew === undefined && database !== undefined && port !== undefined && !isStopping) {
    const { url, schema } = await database;
    crew = new WorkerCrew(
      {
        folder: dataFolder(process.env, port),
        database: url,
        schema,
        emulator: apiPort === null ? '' : `http://127.0.0.1:${apiPort}/v1`,
      },
      tellWorkers,
    );
    for (const number of workerNumbers) crew.start(number);
  }
  tellWorkers();
}

function tellWorkers(): void {
  if (crew !== undefined) tellWeb({ type: 'workers', workers: crew.states });
}

function tellWeb(message: MessageToWeb): void {
  // The process may have been killed.
  if (isRunning(web) && web.connected) web.send(message, () => undefined);
}

function fail(error: unknown): void {
  console.error(`The demo cannot start. ${error instanceof Error ? error.message : String(error)}`);
  void stop(1);
}

/** Ends the processes that use the database before the database. */
async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  clearTimeout(restart);
  await Promise.all([endChild(web), crew?.close()]);
  await database?.then((opened) => opened.close()).catch(() => undefined);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
startWeb();
