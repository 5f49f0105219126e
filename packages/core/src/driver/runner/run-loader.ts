import type { Agent } from '../../agent/define-agent.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { fieldsOf, textOf } from '../../wire/json.ts';
import { loadLoop } from '../load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import { loadSnapshot } from '../saved/snapshot.ts';
import type { LocalRun } from './local-run.ts';

/** Loads saved runs, and retries while the store is unavailable. */
export class RunLoader {
  readonly #ports: LoopPorts;
  readonly #closing: AbortSignal;

  constructor(ports: LoopPorts, closing: AbortSignal) {
    this.#ports = ports;
    this.#closing = closing;
  }

  load(runId: string): Promise<RunSnapshot | undefined> {
    return retryStore(this.#ports, () => loadSnapshot(this.#ports.store, runId), this.#closing);
  }

  /** Whether the store still has the save that this handle shows. */
  async isCurrent({ id, commitId }: LocalRun): Promise<boolean> {
    const { store } = this.#ports;
    const look = async (): Promise<string | undefined> => {
      if (store.look === undefined) return (await loadSnapshot(store, id))?.head.commitId;
      const looks: unknown = await store.look([id]);
      // A custom store may return any value.
      const found = Array.isArray(looks) ? looks.find((one) => fieldsOf(one)['runId'] === id) : undefined;
      return textOf(fieldsOf(found)['commitId']);
    };
    return (await retryStore(this.#ports, look, this.#closing)) === commitId;
  }

  /** The conversation of a terminal run, for a run that continues it. */
  async continuation(runId: string, agent: Agent, threadId?: string): Promise<Continuation> {
    const { continuationFrom } = await loadLoop(this.#ports, this.#closing);
    return continuationFrom(runId, (id) => this.load(id), agent, threadId);
  }
}
