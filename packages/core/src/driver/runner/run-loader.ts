import type { Agent } from '../../agent/define-agent.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { loadLoop } from '../loop/load-loop.ts';
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
      const looks = await store.look([id]);
      return looks.find(({ runId }) => runId === id)?.commitId;
    };
    return (await retryStore(this.#ports, look, this.#closing)) === commitId;
  }

  /** The conversation of a terminal run, for a run that continues it. */
  async continuation(runId: string, agent: Agent): Promise<Continuation> {
    const stored = await this.load(runId);
    if (stored === undefined)
      throw new ConfigurationError(`continueFrom: there is no run ${JSON.stringify(runId)} in the store.`);
    const { head, items } = stored;
    if (!isTerminalRun(head.status)) {
      throw new ConfigurationError(
        `continueFrom: run ${runId} is ${head.status}. Only a run that has ended can be continued.`,
      );
    }
    const { continuationOf } = await loadLoop(this.#ports);
    return continuationOf(head, items, agent.spec.tools);
  }
}
