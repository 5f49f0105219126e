import type { Clock } from '../src/clock/clock.ts';
import type { ReceivedMessage, RunHead, RunStore } from '../src/store/run-store.ts';
import type { StoredItem } from '../src/engine/stored-item.ts';

/** A way in which a store of one's own may be wrong, and the cases that must find it. */
export interface Defect {
  readonly found: readonly string[];
  breakIt(store: Required<RunStore>, clock: Clock): Partial<RunStore>;
}

export const defects: Record<string, Defect> = {
  'it swallows conflicts': {
    found: [
      'commit: an unknown run at a later revision is a conflict and leaves nothing behind',
      'commit: of several at once for one revision exactly one wins, and only its items are there',
      'commit: importing a run that is stored is a conflict, also at the revision that would follow',
    ],
    breakIt: ({ commit }) => ({ commit: (change) => commit(change).catch(() => undefined) }),
  },
  'it does not know a repeated commit again': {
    found: ["commit: a change whose commitId is the head's succeeds again and appends nothing"],
    breakIt: ({ commit }) => ({ commit: (change) => commit({ ...change, commitId: crypto.randomUUID() }) }),
  },
  'it appends before it looks at the revision': {
    found: [
      'commit: a revision that is stored already, or that leaves one out, is a conflict and changes nothing',
      'commit: of several at once for one revision exactly one wins, and only its items are there',
      "commit: a change whose commitId is the head's succeeds again and appends nothing",
      'delete: takes the head and all items, and no other run',
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
      'commit: of several at once for one revision exactly one wins, and only its items are there',
      'claim: of several owners at once exactly one gets it',
      'inbox: posts and commits that run at the same time do not lose a message',
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
  'it gives the items newest first': {
    found: [
      'commit: the next revision replaces the head and appends its items in order',
      'commit: many items at once, and large ones, come back whole and in order',
    ],
    breakIt: ({ load }) => ({
      load: async (runId) => {
        const run = await load(runId);
        return run && { head: run.head, items: run.items.toReversed() };
      },
    }),
  },
  'it keeps the objects that it was given': {
    found: ['commit: neither what was given nor what was loaded shares anything with the store'],
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
  'its ids do not tell capitals apart': {
    found: ['commit: run ids are told apart exactly, whatever characters they have'],
    breakIt: ({ commit, load }) => ({
      commit: (change) => commit({ ...change, runId: change.runId.toLowerCase() }),
      load: (runId) => load(runId.toLowerCase()),
    }),
  },
  'it lists the oldest first': {
    found: ['list: heads as they were last saved, newest first by createdAt, then by runId'],
    breakIt: ({ list }) => ({ list: async (filter) => (await list(filter)).toReversed() }),
  },
  'it filters after it has limited': {
    found: ['list: limit counts what passes the filter'],
    breakIt: ({ list }) => ({
      list: async ({ agent, limit, ...filter } = {}) =>
        (await list({ ...filter, ...(limit !== undefined && { limit }) })).filter(
          (head) => agent === undefined || head.agent === agent,
        ),
    }),
  },
  'it knows only one status to filter by': {
    found: ['list: filters by one status, by several and by agent, by what is stored now'],
    breakIt: ({ list }) => ({
      list: ({ status, ...filter } = {}) => list(typeof status === 'string' ? { ...filter, status } : filter),
    }),
  },
  'it starts over where the run to go on after is gone': {
    found: ['list: after goes on behind that run, so that pages show every run once'],
    breakIt: ({ list, load }) => ({
      list: async ({ after, ...filter } = {}) =>
        list(after !== undefined && (await load(after)) ? { ...filter, after } : filter),
    }),
  },
  'it leaves the inbox when it deletes': {
    found: ['inbox: goes with its run when that is deleted'],
    breakIt: ({ delete: remove, post, receive }) => ({
      delete: async (runId) => {
        const received = await receive(runId);
        await remove(runId);
        for (const { message } of received) await post(runId, message);
      },
    }),
  },
  'it grants every claim': {
    found: ["claim: refused while another owner's is alive, for that run only"],
    breakIt: () => ({ claim: async () => true }),
  },
  'it lets anyone release a claim': {
    found: [
      'claim: released by its owner it is free at once, released by anyone else it stays',
      'claim: whoever let it run out has lost it once another took it',
    ],
    breakIt: ({ delete: remove }) => ({ release: (runId) => remove(runId) }),
  },
  'its claims never run out': {
    found: ['claim: runs out ttlMs after it was last renewed, not a moment before'],
    breakIt: ({ claim }) => ({ claim: (runId, owner) => claim(runId, owner, Number.POSITIVE_INFINITY) }),
  },
  'its claims are not renewed': {
    found: ['claim: runs out ttlMs after it was last renewed, not a moment before'],
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
  'its claims go by the machine clock': {
    found: ['claim: a machine clock that is set on or back neither shortens nor prolongs it'],
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
  'a refused claim is prolonged': {
    found: ['claim: asking for one that is refused does not prolong it'],
    breakIt: ({ claim, renew }) => ({
      claim: async (runId, owner, ttlMs) => {
        const granted = await claim(runId, owner, ttlMs);
        if (!granted) await renew('a', ttlMs);
        return granted;
      },
    }),
  },
  'it renews what others have': {
    found: ['renew: renews every claim of the owner, and none of another'],
    breakIt: ({ renew }) => ({
      renew: async (owner, ttlMs) => {
        for (const other of ['a', 'b']) if (other !== owner) await renew(other, ttlMs);
        return renew(owner, ttlMs);
      },
    }),
  },
  'its renewals tell what was claimed, not what is': {
    found: [
      'renew: tells the runs that the owner has claims of, and no others',
      'renew: a claim that another took meanwhile is not told, and stays with the other',
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
  'its looks see no claim that has run out': {
    found: ['look: a claim that has run out is none'],
    breakIt: ({ look }) => ({
      look: async (runIds) => (await look(runIds)).map((one) => ({ ...one, claimed: true })),
    }),
  },
  'its looks leave out what is not stored': {
    found: ['look: tells the revision, the claim and the inbox of each run that was asked for'],
    breakIt: ({ look }) => ({
      look: async (runIds) => (await look(runIds)).filter(({ revision }) => revision !== undefined),
    }),
  },
  'its lists take a negative limit for an end': {
    found: ['list: a limit of Infinity is none, and what is no count is refused'],
    breakIt: ({ list }) => ({
      list: async ({ limit, ...filter } = {}) => (await list(filter)).slice(0, limit),
    }),
  },
  'its ids go through UTF-8': {
    found: ['commit: run ids that are not well-formed are told apart as well, or refused'],
    breakIt: ({ commit, load }) => ({
      commit: (change) => commit({ ...change, runId: change.runId.toWellFormed() }).catch(() => undefined),
      load: (runId) => load(runId.toWellFormed()),
    }),
  },
  'it deletes the messages that it returns': {
    found: [
      'inbox: messages are received oldest first, by their own run, and again until a commit names them',
      'inbox: a commit that is refused deletes nothing, and neither does a repeated one',
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
      'inbox: the commit that creates or imports a run deletes messages as well',
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
  'it deletes messages before it looks at the revision': {
    found: ['inbox: a commit that is refused deletes nothing, and neither does a repeated one'],
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
    found: ['inbox: no message gets the id of one that was deleted'],
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
  'its notices come before the save': {
    found: ['watch: a listener that was told of a save finds it in the store'],
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
  'its listeners cannot be ended': {
    found: ['watch: tells of saves, posts, releases and what was published, until it is ended'],
    breakIt: ({ watch }) => ({
      watch: (listener) => {
        watch(listener);
        return () => undefined;
      },
    }),
  },
};
