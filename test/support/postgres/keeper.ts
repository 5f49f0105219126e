/**
 * Waits until the process that started it has ended, even if that process was killed. Then it stops the PostgreSQL
 * server of a folder and deletes the folder. Without it, an interrupted test would leave both.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const [data = '', ...folders] = process.argv.slice(2);
const pidFile = join(data, 'postmaster.pid');

function serverPid(): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  return Number.parseInt(readFileSync(pidFile, 'utf8'), 10) || undefined;
}

async function stopServer(): Promise<void> {
  const pid = serverPid();
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGQUIT');
    for (let waited = 0; waited < 5_000; waited += 50) {
      process.kill(pid, 0);
      await sleep(50);
    }
  } catch {
    // The server has ended.
  }
}

// The signals that end the tests also reach this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.resume();
process.stdin.on('error', () => undefined);
process.stdin.on('close', () => {
  void stopServer().then(() => {
    for (const folder of [data, ...folders]) rmSync(folder, { recursive: true, force: true });
  });
});
