import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StoreProcess {
  /** The lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves when it has printed this many lines. */
  printed(count: number): Promise<void>;
  /** Resolves to its exit code, or to the signal that killed it, after all its output has been read. */
  readonly ended: Promise<number | string>;
  kill(): void;
}

const script = fileURLToPath(new URL('./sqlite-process.ts', import.meta.url));

/** Processes that run `sqlite-process.ts`. */
export class StoreProcesses {
  readonly #children = new Set<ChildProcess>();

  start(path: string, ...args: (string | number)[]): StoreProcess {
    const flags = ['--conditions=@longhaul/source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, script, path, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.add(child);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
    return {
      lines,
      ended,
      printed: async (count) => {
        while (lines.length < count) {
          const line = once(reader, 'line');
          await Promise.race([
            line,
            ended.then((end) => Promise.reject(new Error(`The process ended early: ${end}`))),
          ]);
        }
      },
      kill: () => void child.kill('SIGKILL'),
    };
  }

  killAll(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#children.clear();
  }
}
