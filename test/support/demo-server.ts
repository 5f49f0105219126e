import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { hasPrograms } from './postgres/programs.ts';

/** A running server of the demo. `await using` ends it and its child processes. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
}

const supervisor = fileURLToPath(new URL('../../apps/demo/server/dev.ts', import.meta.url));
const supervisorOfWorkers = fileURLToPath(new URL('../../apps/demo/server/dev-workers.ts', import.meta.url));
const production = fileURLToPath(new URL('../../apps/demo/server/production.ts', import.meta.url));

/**
 * Starts the demo as `npm start` does, with its own state and without a file watcher, so that no test page reloads.
 *
 * @param env `LONGHAUL_DEMO_PACE` makes the simulated model faster or slower
 */
export async function startDemo(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  return await start(supervisor, { LONGHAUL_DEMO_WATCH: 'off', PORT: ownPort(), ...env });
}

/** Starts the demo as `npm run start:workers` does. Without an embedded PostgreSQL, it uses the database of the tests. */
export async function startDemoOfWorkers(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  const given = hasPrograms() ? undefined : process.env['LONGHAUL_POSTGRES_URL'];
  const database = given === undefined ? {} : { DATABASE_URL: given };
  return await start(supervisorOfWorkers, {
    LONGHAUL_DEMO_WATCH: 'off',
    PORT: ownPort(),
    ...database,
    ...env,
  });
}

/** Starts the production server on any free port. The page must have been built. */
export async function startBuiltDemo(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  return await start(production, { PORT: '0', ...env });
}

/**
 * A port whose next ones belong to this process of Vitest too. A killed server restarts on its port, so no server of
 * another test may take that port in the meantime. Other programs get ports above 32767 on Linux.
 */
function ownPort(): string {
  return String(5_200 + 20 * Number(process.env['VITEST_POOL_ID'] ?? 0));
}

async function start(script: string, env: Readonly<Record<string, string>>): Promise<DemoServer> {
  const data = mkdtempSync(join(tmpdir(), 'longhaul-demo-'));
  // As root, PostgreSQL runs as another user, who must be able to enter the folder.
  chmodSync(data, 0o755);
  const { OPENAI_API_KEY: _key, DATABASE_URL: _database, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--conditions=@longhaul/source', script], {
    env: { ...inherited, CI: '1', NO_COLOR: '1', LONGHAUL_DEMO_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await printedUrl(child);
  return {
    url,
    process: child,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function printedUrl(child: ChildProcess): Promise<string> {
  let output = '';
  const take = (chunk: unknown): void => {
    output += String(chunk);
  };
  child.stderr?.on('data', take);
  return await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: unknown) => {
      take(chunk);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) =>
      reject(new Error(`The demo ended with code ${code} before it printed its URL:\n${output}`)),
    );
  });
}
