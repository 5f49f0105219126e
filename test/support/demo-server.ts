import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The demo, running as `npm start` runs it. `await using` ends it with all its children. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
}

const supervisor = fileURLToPath(new URL('../../apps/demo/server/dev.ts', import.meta.url));

/** Starts the demo with a world of its own, without watching files: tests must not be reloaded from below. */
export async function startDemo(): Promise<DemoServer> {
  const data = mkdtempSync(join(tmpdir(), 'longhaul-demo-'));
  const { OPENAI_API_KEY: _key, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=@longhaul/source', supervisor], {
    env: { ...env, CI: '1', NO_COLOR: '1', LONGHAUL_DEMO_DATA: data, LONGHAUL_DEMO_WATCH: 'off' },
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
