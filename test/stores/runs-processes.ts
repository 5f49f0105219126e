import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./runs-process.ts', import.meta.url));

export interface RunsProcess {
  /** Resolves when it has printed this line. */
  said(line: string): Promise<void>;
  kill(): Promise<void>;
}

/** Processes that run `runs-process.ts`. */
export class RunsProcesses {
  readonly #children = new Set<ChildProcess>();

  start(...args: readonly (string | number)[]): RunsProcess {
    const flags = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning', script];
    const child = spawn(process.execPath, [...flags, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.add(child);
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return {
      said: async (line) => {
        while (!lines.includes(line)) {
          if (child.exitCode !== null) throw new Error(`The process ended early: ${child.exitCode}`);
          await sleep(50);
        }
      },
      kill: async () => {
        const ended = once(child, 'close');
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  killAll(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#children.clear();
  }
}
