import { fork, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * `npm start`: keeps the development server running. The page has a button that kills the server, to show that a run
 * survives it. This process restarts the server on the same port.
 */
const script = fileURLToPath(new URL('./dev-server.ts', import.meta.url));
/** Milliseconds until the restart: long enough that the page detects the failure. */
const restartAfterMs = 2_500;

let child: ChildProcess;
let port: number | undefined;
let restart: NodeJS.Timeout | undefined;
let stopping = false;

function start(): void {
  const env = port === undefined ? process.env : { ...process.env, LONGHAUL_DEMO_PORT: String(port) };
  child = fork(script, { env });
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'port' in message) port = Number(message.port);
  });
  child.once('exit', (code, signal) => {
    if (stopping) process.exit(0);
    if (port === undefined || signal !== 'SIGKILL') process.exit(code ?? 0);
    console.log(`The server was killed. It restarts in ${restartAfterMs / 1_000} s.`);
    restart = setTimeout(start, restartAfterMs);
  });
}

function stop(signal: NodeJS.Signals): void {
  stopping = true;
  clearTimeout(restart);
  if (child.exitCode !== null || child.signalCode !== null) process.exit(0);
  child.kill(signal);
}

process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGHUP', () => stop('SIGTERM'));
start();
