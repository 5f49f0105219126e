import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunView } from '@longhaul/core';

export interface StartCommand {
  readonly runId: string;
  readonly input: string;
  readonly continueFrom?: string;
}

/** Another process, which drives runs. */
export interface Driver extends Disposable {
  /** Starts a run, and resolves when it is saved. */
  start(command: StartCommand): Promise<void>;
  /** The view of a run in that process when it has ended. */
  ended(runId: string): Promise<RunView>;
  kill(): void;
}

const script = fileURLToPath(new URL('./driver-process.ts', import.meta.url));

export async function startDriver(path: string, owner: string): Promise<Driver> {
  const flags = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script, path, owner], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const printed: string[] = [];
  lines.on('line', (line) => printed.push(line));
  const until = async (isIt: (line: string) => boolean): Promise<string> => {
    for (;;) {
      const found = printed.find(isIt);
      if (found !== undefined) return found;
      await once(lines, 'line');
    }
  };
  await until((line) => line === 'ready');
  const kill = (): void => void child.kill('SIGKILL');
  return {
    start: async (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      await until((line) => line === command.runId);
    },
    ended: async (runId) => JSON.parse(await until((line) => line.startsWith(`{"runId":"${runId}"`))),
    kill,
    [Symbol.dispose]: kill,
  };
}
