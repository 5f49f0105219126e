import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from './places.ts';

/**
 * Runs a tool of the workspace at its root and returns its exit code. Forwards SIGINT and SIGTERM to the tool and waits
 * until it exits, because its children would otherwise outlive the check.
 */
export async function runTool(name: string, args: readonly string[]): Promise<number> {
  const child = spawn(join(repositoryRoot, 'node_modules/.bin', name), args, {
    cwd: repositoryRoot,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(code ?? 1);
    });
  });
}
