/**
 * Waits until the process that started it has ended, even if that process was killed. Then it stops the PostgreSQL
 * server of a data folder, and deletes the other given folders. Without it, a killed process would leave both.
 *
 * Arguments: the data folder, `immediate` or `fast`, the folders to delete.
 */
import { rmSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverPid } from './server-pid.ts';

const [data = '', mode, ...folders] = process.argv.slice(2);
/** The time in which a server closes its connections and writes its data, in milliseconds. */
const fastWithinMs = 10_000;

async function stopServer(signal: NodeJS.Signals, withinMs: number): Promise<void> {
  const pid = serverPid(data);
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
  for (let waited = 0; waited < withinMs && serverPid(data) === pid; waited += 50) await sleep(50);
}

// The signals that end the other process may also reach this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.resume();
process.stdin.on('error', () => undefined);
process.stdin.on('close', () => void end());

async function end(): Promise<void> {
  if (mode === 'fast') await stopServer('SIGINT', fastWithinMs);
  await stopServer('SIGQUIT', 5_000);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
