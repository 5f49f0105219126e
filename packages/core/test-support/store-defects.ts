import type { Clock } from '../src/clock/clock.ts';
import type { ReceivedMessage, RunHead, RunStore } from '../src/store/run-store.ts';
import type { StoredItem } from '../src/engine/stored-item.ts';

/** A possible defect of a store, and the cases that must find it. */
export interface Defect {
  readonly found: readonly string[];
  breakIt(store: Required<RunStore>, clock: Clock): Partial<RunStore>;
}

export const defects: Record<string, Defect> = {
  'it swallows conflicts': {
    found: [
      'commit: a later revision of an unknown run is a conflict and stores nothing',
      'commit: of concurrent commits for one revision exactly one succeeds, and only its items are stored',
      'commit: importing a stored run is a conflict, even at the next revision',
    ],
    breakIt: ({ commit }) => ({ commit: (change) => commit(change).catch(() => undefined) }),
  },
  'it does not recognise a repeated commit': {
    found: ['commit: repeating the last commit succeeds and appends nothing'],
    breakIt: ({ commit }) => ({ commit: (change) => commit({ ...change, commitId: crypto.randomUUID() }) }),
  },
  'it appends before it checks the revision': {
    found: [
      'commit: a stored revision, or one that skips a revision, is a conflict and changes nothing',
      'commit: of concurrent commits for one revision exactly one succeeds, and only its items are stored',
      'commit: repeating the last commit succeeds and appends nothing',
      'delete: removes the head and all items of the run, and no other run',
    ],
    breakIt: ({ commit, load }) => {
      const items = new Map<string, StoredItem[]>();
      return {
        commit: (change) => {
          items.set(change.runId, [...(items.get(change.runId) ?? []), ...change.append]);
          return commit(change);
        },
        load: async (runId) => {
          const run = await load(runId);
          return run && { head: run.head, items: structuredClone(items.get(runId) ?? []) };
        },
      };
    },
  },
  'it awaits between the check and the write': {
    found: [
      'commit: of concurrent commits for one revision exactly one succeeds, and only its items are stored',
      'claim: exactly one of several concurrent owners gets it',
      'inbox: concurrent posts and commits do not lose a message',
    ],
    breakIt: () => {
      const heads = new Map<string, number>();
      const owners = new Map<string, string>();
      let inbox: readonly ReceivedMessage[] = [];
      return {
        commit: async ({ runId, revision, received = [] }) => {
          const stored = heads.get(runId) ?? 0;
          const left = inbox.filter(({ id }) => !received.includes(id));
          await Promise.resolve();
          inbox = left;
          if (stored === revision - 1) heads.set(runId, revision);
        },
        claim: async (runId, owner) => {
          const claimed = owners.get(runId);
          await Promise.resolve();
          if (claimed !== undefined && claimed !== owner) return false;
          owners.set(runId, owner);
          return true;
        },
        post: async (_, message) => {
          inbox = [...inbox, { id: crypto.randomUUID(), message }];
        },
        receive: async () => [...inbox],
      };
    },
  },
  'it returns the items newest first': {
    found: [
      'commit: the next revision replaces the head and appends its items in order',
      'commit: many items in one commit, and large items, load completely and in order',
    ],
    breakIt: ({ load }) => ({
      load: async (runId) => {
        const run = await load(runId);
        return run && { head: run.head, items: run.items.toReversed() };
      },
    }),
  },
  'it stores the given objects without copying': {
    found: ['commit: the store shares no objects with the commits it gets or the runs it returns'],
    breakIt: ({ commit, load }) => {
      const heads = new Map<string, RunHead>();
      return {
        commit: async (change) => {
          await commit(change);
          heads.set(change.runId, change.head);
        },
        load: async (runId) => {
          const run = await load(runId);
          return run && { head: heads.get(runId) ?? run.head, items: run.items };
        },
      };
    },
  },
  'it compares ids without case': {
    found: ['commit: run ids are compared exactly, with any characters'],
    breakIt: ({ commit, load }) => ({
      commit: (change) => commit({ ...change, runId: change.runId.toLowerCase() }),
      load: (runId) => load(runId.toLowerCase()),
    }),
  },
  'it lists the oldest first': {
    found: ['list: returns the last saved heads, newest first by createdAt, then by runId'],
    breakIt: ({ list }) => ({ list: async (filter) => (await list(filter)).toReversed() }),
  },
  'it finds a run by its id and ignores the other fields': {
    found: ['list: finds one run by its id, or ignores the field'],
    breakIt: ({ list }) => ({ list: ({ runId, ...filter } = {}) => list(runId ? { runId } : filter) }),
  },
  'it finds runs by a part of their ids': {
    found: ['list: finds one run by its id, or ignores the field'],
    breakIt: ({ list }) => ({
      list: async ({ runId = '', ...filter } = {}) =>
        (await list(filter)).filter((head) => head.runId.startsWith(runId)),
    }),
  },
  'it filters after the limit': {
    found: ['list: limit applies after the filter'],
    breakIt: ({ list }) => ({
      list: async ({ agent, limit, ...filter } = {}) =>
        (await list({ ...filter, ...(limit !== undefined && { limit }) })).filter(
          (head) => agent === undefined || head.agent === agent,
        ),
    }),
  },
  'it filters by one status only': {
    found: ['list: filters the stored heads by one status, several statuses and agent'],
    breakIt: ({ list }) => ({
      list: ({ status, ...filter } = {}) => list(typeof status === 'string' ? { ...filter, status } : filter),
    }),
  },
  'it starts again from the first run if `after` is deleted': {
    found: ['list: continues after the run `after`, so that pages contain each run once'],
    breakIt: ({ list, load }) => ({
      list: async ({ after, ...filter } = {}) =>
        list(after !== undefined && (await load(after)) ? { ...filter, after } : filter),
    }),
  },
  'its delete keeps the inbox': {
    found: ['inbox: delete removes the inbox of the run'],
    breakIt: ({ delete: remove, post, receive }) => ({
      delete: async (runId) => {
        const received = await receive(runId);
        await remove(runId);
        for (const { message } of received) await post(runId, message);
      },
    }),
  },
  'it grants every claim': {
    found: ['claim: is refused while another owner holds it, for that run only'],
    breakIt: () => ({ claim: async () => true }),
  },
  'it releases claims of other owners': {
    found: [
      'claim: a release by its owner frees it immediately, and a release by another owner has no effect',
      'claim: an owner whose claim expired loses it when another owner takes it',
    ],
    breakIt: ({ delete: remove }) => ({ release: (runId) => remove(runId) }),
  },
  'its claims never expire': {
    found: ['claim: expires ttlMs after its last renewal, not earlier'],
    breakIt: ({ claim }) => ({ claim: (runId, owner) => claim(runId, owner, Number.POSITIVE_INFINITY) }),
  },
  'its claims are not renewed': {
    found: ['claim: expires ttlMs after its last renewal, not earlier'],
    breakIt: ({ claim }) => {
      const granted = new Set<string>();
      return {
        claim: async (runId, owner, ttlMs) => {
          const key = `${runId}/${owner}`;
          if (granted.has(key)) return true;
          const grant = await claim(runId, owner, ttlMs);
          if (grant) granted.add(key);
          return grant;
        },
      };
    },
  },
  'its claims expire by the machine clock': {
    found: ['claim: setting the machine clock neither shortens nor prolongs it'],
    breakIt: (_, clock) => {
      const held = new Map<string, { owner: string; until: number }>();
      return {
        claim: async (runId, owner, ttlMs) => {
          const claim = held.get(runId);
          if (claim && claim.owner !== owner && clock.now() < claim.until) return false;
          held.set(runId, { owner, until: clock.now() + ttlMs });
          return true;
        },
      };
    },
  },
  'a refused claim prolongs the claim': {
    found: ["claim: a rival's refused claim does not prolong it"],
    breakIt: ({ claim, renew }) => ({
      claim: async (runId, owner, ttlMs) => {
        const granted = await claim(runId, owner, ttlMs);
        if (!granted) await renew('a', ttlMs);
        return granted;
      },
    }),
  },
  'it renews claims of other owners': {
    found: ['renew: renews all claims of the owner, and no other claims'],
    breakIt: ({ renew }) => ({
      renew: async (owner, ttlMs) => {
        for (const other of ['a', 'b']) if (other !== owner) await renew(other, ttlMs);
        return renew(owner, ttlMs);
      },
    }),
  },
  'its renew returns lost claims too': {
    found: [
      'renew: returns exactly the runs that the owner has claims on',
      'renew: omits a claim that another owner has taken, and does not change it',
    ],
    breakIt: ({ claim }) => {
      const claimed = new Map<string, Set<string>>();
      return {
        claim: async (runId, owner, ttlMs) => {
          const granted = await claim(runId, owner, ttlMs);
          if (granted) claimed.set(owner, (claimed.get(owner) ?? new Set()).add(runId));
          return granted;
        },
        renew: async (owner) => [...(claimed.get(owner) ?? [])],
      };
    },
  },
  'its look reports expired claims as claimed': {
    found: ['look: reports an expired claim as not claimed'],
    breakIt: ({ look }) => ({
      look: async (runIds) => (await look(runIds)).map((one) => ({ ...one, claimed: true })),
    }),
  },
  'its look omits runs that are not stored': {
    found: ['look: returns the revision, claim and inbox state of each requested run'],
    breakIt: ({ look }) => ({
      look: async (runIds) => (await look(runIds)).filter(({ revision }) => revision !== undefined),
    }),
  },
  'its list accepts a negative limit': {
    found: ['list: accepts a limit of Infinity and rejects an invalid limit'],
    breakIt: ({ list }) => ({
      list: async ({ limit, ...filter } = {}) => (await list(filter)).slice(0, limit),
    }),
  },
  'its ids are converted to UTF-8': {
    found: ['commit: run ids with lone surrogates are distinct or rejected'],
    breakIt: ({ commit, load }) => ({
      commit: (change) => commit({ ...change, runId: change.runId.toWellFormed() }).catch(() => undefined),
      load: (runId) => load(runId.toWellFormed()),
    }),
  },
  'it deletes the messages that it returns': {
    found: [
      'inbox: receive returns the messages of its run oldest first, and does not delete them',
      'inbox: a refused or repeated commit deletes no messages',
    ],
    breakIt: ({ receive }) => {
      const seen = new Set<string>();
      return {
        receive: async (runId) => {
          const fresh = (await receive(runId)).filter(({ id }) => !seen.has(id));
          for (const { id } of fresh) seen.add(id);
          return fresh;
        },
      };
    },
  },
  'it ignores the received ids of a commit': {
    found: [
      'inbox: a commit deletes the messages that it names, and no others',
      'inbox: a commit that creates or imports a run deletes messages too',
    ],
    breakIt: ({ commit }) => ({ commit: (change) => commit({ ...change, received: [] }) }),
  },
  'it deletes all messages with a commit': {
    found: ['inbox: a commit deletes the messages that it names, and no others'],
    breakIt: ({ commit, receive }) => ({
      commit: async (change) => {
        const received = (await receive(change.runId)).map(({ id }) => id);
        await commit({ ...change, received });
      },
    }),
  },
  'it deletes messages before it checks the revision': {
    found: ['inbox: a refused or repeated commit deletes no messages'],
    breakIt: ({ commit, receive }) => {
      const deleted = new Set<string>();
      return {
        commit: async (change) => {
          for (const id of change.received ?? []) deleted.add(id);
          await commit(change);
        },
        receive: async (runId) => (await receive(runId)).filter(({ id }) => !deleted.has(id)),
      };
    },
  },
  'it numbers messages by their place in the inbox': {
    found: ['inbox: ids of deleted messages are not used again'],
    breakIt: ({ commit, receive }) => ({
      commit: async (change) => {
        const stored = await receive(change.runId);
        const named = stored.filter((_, place) => change.received?.includes(String(place)));
        await commit({ ...change, received: named.map(({ id }) => id) });
      },
      receive: async (runId) =>
        (await receive(runId)).map(({ message }, place) => ({ id: String(place), message })),
    }),
  },
  'its notices precede the save': {
    found: ['watch: a reported save is in the store'],
    breakIt: ({ commit, watch }) => {
      const listeners = new Set<Parameters<typeof watch>[0]>();
      return {
        watch: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        commit: async (change) => {
          for (const listener of listeners) listener({ type: 'saved', runId: change.runId });
          await Promise.resolve();
          await commit(change);
        },
      };
    },
  },
  'its listeners cannot be removed': {
    found: ['watch: reports saves, posts, releases and published messages until it is ended'],
    breakIt: ({ watch }) => ({
      watch: (listener) => {
        watch(listener);
        return () => undefined;
      },
    }),
  },
};
