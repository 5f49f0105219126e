import { isTerminalRun } from '../src/engine/view/run-view.ts';
import type { Defect } from './store-defects.ts';

/** Defects of a store's method `undriven`. */
export const undrivenDefects: Record<string, Defect> = {
  'its undriven returns all active runs': {
    found: [
      'undriven: returns the active runs of the given agents, oldest first',
      'undriven: returns a run that waits for a person only while its inbox has messages',
      'undriven: omits a run while any owner has a claim on it, and claims nothing',
      'undriven: returns a run whose claim has expired',
    ],
    breakIt: ({ list }) => ({
      undriven: async (agents) =>
        (await list())
          .filter(({ agent, status }) => agents.includes(agent) && !isTerminalRun(status))
          .toReversed()
          .map(({ runId, agent }) => ({ runId, agent })),
    }),
  },
  'its undriven ignores the agents': {
    found: ['undriven: returns the active runs of the given agents, oldest first'],
    breakIt: ({ undriven }) => ({ undriven: () => undriven(['a', 'b', 'agent-1']) }),
  },
  'its undriven returns the newest first': {
    found: ['undriven: returns the active runs of the given agents, oldest first'],
    breakIt: ({ undriven }) => ({ undriven: async (agents) => (await undriven(agents)).toReversed() }),
  },
  'its undriven omits all runs that wait for a person': {
    found: ['undriven: returns a run that waits for a person only while its inbox has messages'],
    breakIt: ({ load, undriven }) => ({
      undriven: async (agents) => {
        const waits = async (runId: string): Promise<boolean> =>
          (await load(runId))?.head.status === 'requires_action';
        const runs = await undriven(agents);
        const waiting = await Promise.all(runs.map(({ runId }) => waits(runId)));
        return runs.filter((_, index) => waiting[index] === false);
      },
    }),
  },
  'its undriven claims the runs that it returns': {
    found: [
      'undriven: returns the active runs of the given agents, oldest first',
      'undriven: omits a run while any owner has a claim on it, and claims nothing',
    ],
    breakIt: ({ claim, undriven }) => ({
      undriven: async (agents) => {
        const runs = await undriven(agents);
        for (const { runId } of runs) await claim(runId, 'finder', 60_000);
        return runs;
      },
    }),
  },
  'its undriven ignores that claims expire': {
    found: ['undriven: returns a run whose claim has expired'],
    breakIt: ({ claim, release, undriven }) => {
      const claimed = new Set<string>();
      return {
        claim: async (runId, owner, ttlMs) => {
          claimed.add(runId);
          return claim(runId, owner, ttlMs);
        },
        release: async (runId, owner) => {
          claimed.delete(runId);
          return release(runId, owner);
        },
        undriven: async (agents) => (await undriven(agents)).filter(({ runId }) => !claimed.has(runId)),
      };
    },
  },
};
