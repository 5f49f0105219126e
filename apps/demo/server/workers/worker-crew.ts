import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { endChild, isRunning, startChild } from './child-processes.ts';
import type { WorkerAction, WorkerState } from './messages.ts';
import { workerEnvironment, type WorkerSettings } from './worker-settings.ts';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** The worker processes. */
export class WorkerCrew {
  readonly #settings: Omit<WorkerSettings, 'number'>;
  readonly #changed: () => void;
  readonly #processes = new Map<number, ChildProcess>();
  #isClosed = false;

  /** @param changed Called when a worker was started or has ended */
  constructor(settings: Omit<WorkerSettings, 'number'>, changed: () => void) {
    this.#settings = settings;
    this.#changed = changed;
  }

  get states(): WorkerState[] {
    return [...this.#processes].map(([number, child]) => ({
      number,
      pid: isRunning(child) ? (child.pid ?? null) : null,
    }));
  }

  start(number: number): void {
    const before = this.#processes.get(number);
    if (this.#isClosed || (before !== undefined && isRunning(before))) return;
    const child = startChild(script, { ...process.env, ...workerEnvironment({ ...this.#settings, number }) });
    this.#processes.set(number, child);
    child.once('exit', (code, signal) => {
      if (!this.#isClosed)
        console.log(`Worker ${number} has ended (${signal ?? `code ${code}`}). The page can start it again.`);
      this.#changed();
    });
    this.#changed();
  }

  /** `stop` kills the worker with SIGKILL, so that it cannot hand back its runs. */
  order(action: WorkerAction, number: number): void {
    if (action === 'stop') this.#processes.get(number)?.kill('SIGKILL');
    else this.start(number);
  }

  /** Ends all workers. They hand back their runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#processes.values()].map(endChild));
  }
}
