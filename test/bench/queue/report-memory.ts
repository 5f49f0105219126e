import process from 'node:process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { BenchProcess } from '../bench-process.ts';

/** The memory of a process after a garbage collection, in MB. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

const prefix = 'memory ';

/** In a process with `--expose-gc`: prints its memory when it receives SIGUSR2. */
export function reportMemory(): void {
  process.on('SIGUSR2', () => {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    const { heapUsed, external, rss } = process.memoryUsage();
    const memory: Memory = { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
    console.log(`${prefix}${JSON.stringify(memory)}`);
  });
}

/** Reads the output of a process, and asks for its memory. */
export function memoryReader(child: BenchProcess): {
  readonly started: Promise<string>;
  readonly memory: () => Promise<Memory>;
} {
  const lines = createInterface(child.stdout);
  const started = once(lines, 'line').then(([line]) => String(line));
  async function memory(): Promise<Memory> {
    const reported = new Promise<Memory>((resolve) => {
      lines.on('line', function read(line) {
        if (!line.startsWith(prefix)) return;
        lines.off('line', read);
        resolve(JSON.parse(line.slice(prefix.length)));
      });
    });
    child.kill('SIGUSR2');
    return reported;
  }
  return { started, memory };
}
