import type { RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

const ttlMs = 30_000;

/** The ids of the undriven runs of these agents. Undefined if the store does not have `undriven`. */
function undrivenOf(store: RunStore): ((...agents: string[]) => Promise<string[]>) | undefined {
  if (!store.undriven) return undefined;
  return async (...agents) => ((await store.undriven?.(agents)) ?? []).map(({ runId }) => runId);
}

const busy = ['queued', 'in_progress', 'running_tools', 'cancelling'];
const terminal = ['completed', 'incomplete', 'failed', 'cancelled'];

/** Finding runs that no process drives, if the store supports it. */
export const undrivenCases: readonly StoreCase[] = [
  {
    name: 'undriven: returns the active runs of the given agents, oldest first',
    needs: ['claims'],
    async check({ store }) {
      const undriven = undrivenOf(store);
      if (!undriven) return;
      expectSame('an empty store', await undriven('a', 'b'), []);
      for (const [n, status] of [...busy, ...terminal, 'requires_action'].entries()) {
        await store.commit(sampleChange({ runId: status, createdAt: 9_000 - n, status, agent: 'a' }));
      }
      await store.commit(sampleChange({ runId: 'other', createdAt: 8_998.5, agent: 'b' }));
      const ofA = ['cancelling', 'running_tools', 'in_progress', 'queued'];
      expectSame('agent a', await undriven('a'), ofA);
      expectSame('runs', await store.undriven?.(['b', 'b']), [{ runId: 'other', agent: 'b' }]);
      expectSame('both agents', await undriven('a', 'b', 'c'), ofA.toSpliced(2, 0, 'other'));
      expectSame('an unknown agent', await undriven('A'), []);
      expectSame('no agents', await undriven(), []);
      const ended = sampleChange({ runId: 'other', createdAt: 8_998.5, agent: 'b', revision: 2 });
      await store.commit({ ...ended, head: { ...ended.head, status: 'completed' } });
      expectSame('after a run has ended', await undriven('a', 'b'), ofA);
      await store.delete('queued');
      expectSame('after a delete', await undriven('a'), ofA.slice(0, 3));
    },
  },
  {
    name: 'undriven: returns a run that waits for a person only while its inbox has messages',
    needs: ['claims', 'inbox'],
    async check({ store }) {
      const undriven = undrivenOf(store);
      if (!undriven) return;
      const status = 'requires_action';
      await store.commit(sampleChange({ status }));
      await store.commit(sampleChange({ runId: 'run-2', status }));
      await store.commit(sampleChange({ runId: 'over', status: 'completed' }));
      expectSame('without messages', await undriven('agent-1'), []);
      for (const runId of ['run-1', 'run-1', 'over', 'unknown']) await store.post?.(runId, 'decision');
      expectSame('with messages', await undriven('agent-1'), ['run-1']);
      expectSame('the same call again', await undriven('agent-1'), ['run-1']);
      const ids = ((await store.receive?.('run-1')) ?? []).map(({ id }) => id);
      expectSame('messages', ids.length, 2);
      await store.commit(sampleChange({ status, revision: 2, received: ids.slice(0, 1) }));
      expectSame('with one message', await undriven('agent-1'), ['run-1']);
      await store.claim?.('run-1', 'a', ttlMs);
      expectSame('while it is claimed', await undriven('agent-1'), []);
      await store.release?.('run-1', 'a');
      await store.commit(sampleChange({ status, revision: 3, received: ids }));
      expectSame('after a commit received them', await undriven('agent-1'), []);
    },
  },
  {
    name: 'undriven: omits a run while any owner has a claim on it, and claims nothing',
    needs: ['claims'],
    async check({ store }) {
      const undriven = undrivenOf(store);
      if (!undriven) return;
      await store.commit(sampleChange());
      await store.commit(sampleChange({ runId: 'run-2', createdAt: 2_000 }));
      await store.claim?.('run-1', 'a', ttlMs);
      expectSame('run-1 is claimed', await undriven('agent-1'), ['run-2']);
      expectSame('a claim of a returned run', await store.claim?.('run-2', 'b', ttlMs), true);
      expectSame('both are claimed', await undriven('agent-1'), []);
      await store.release?.('run-1', 'a');
      expectSame('run-1 is released', await undriven('agent-1'), ['run-1']);
    },
  },
  {
    name: 'undriven: returns a run whose claim has expired',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      const undriven = undrivenOf(store);
      if (!undriven) return;
      await store.commit(sampleChange());
      await store.claim?.('run-1', 'a', ttlMs);
      expectSame('after the claim', await undriven('agent-1'), []);
      await clock.advance(ttlMs - 1);
      expectSame('1 ms before the end', await undriven('agent-1'), []);
      await store.claim?.('run-1', 'a', ttlMs);
      expectSame('after a renewal', await undriven('agent-1'), []);
      await clock.advance(ttlMs - 1);
      expectSame('1 ms before the end of the renewal', await undriven('agent-1'), []);
      await clock.advance(1);
      expectSame('at the end', await undriven('agent-1'), ['run-1']);
      expectSame('a rival', await store.claim?.('run-1', 'b', ttlMs), true);
      expectSame('taken', await undriven('agent-1'), []);
    },
  },
  {
    name: 'undriven: reads the runs and claims of other stores over the same data',
    needs: ['claims', 'sharing'],
    async check({ store, open }) {
      const other = await open();
      const undriven = undrivenOf(other);
      if (!undriven) return;
      await store.commit(sampleChange());
      expectSame('the run of the other store', await undriven('agent-1'), ['run-1']);
      await store.claim?.('run-1', 'a', ttlMs);
      expectSame('claimed in the other store', await undriven('agent-1'), []);
      await store.release?.('run-1', 'a');
      expectSame('released in the other store', await undriven('agent-1'), ['run-1']);
    },
  },
];
