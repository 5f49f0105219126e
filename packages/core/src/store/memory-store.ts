import { monotonicNow, type Clock } from '../clock/clock.ts';
import { mustBeClock } from '../clock/must-be-clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { mustBeOptions } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { pendingResponseId } from '../engine/pending-response.ts';
import { checkRevision } from './check-revision.ts';
import type { ReceivedMessage, RunFilter, RunHead, RunStore } from './run-store.ts';
import { selectHeads } from './list-filter.ts';
import { rememberWebhooksMs } from './remembered-webhooks.ts';
import { storeListeners } from './store-listeners.ts';
import { checkedThreadFilter, checkThreadId, selectThreadRuns, summarizeThreads } from './thread-lists.ts';
import { needsProcess } from './undriven-runs.ts';

/** A run as JSON text, so that callers share no objects with the store, and waiting runs need little memory. */
interface StoredRun
  extends Pick<
    RunHead,
    'agent' | 'commitId' | 'createdAt' | 'owner' | 'revision' | 'runId' | 'status' | 'threadId'
  > {
  readonly head: string;
  readonly responseId: string | undefined;
  /** All items, separated by commas. Appending does not copy the existing items. */
  readonly items: string;
}

/**
 * Stores runs in this process's memory, until the process ends. For tests, scripts, and pages whose runs need not
 * survive a reload; otherwise use `sqliteStore` or `indexedDbStore`.
 *
 * @throws ConfigurationError for an invalid option
 * @example
 * const store = memoryStore();
 * const runner = createRunner({ client, store });
 */
export function memoryStore(
  options: {
    /** Measures the time to live of claims. @default the machine's clock */
    readonly clock?: Clock;
  } = {},
): Required<RunStore> {
  mustBeOptions(options, 'memoryStore', { clock: 'any' });
  mustBeClock(options.clock, 'memoryStore');
  const { clock = systemClock } = options;
  const runs = new Map<string, StoredRun>();
  const claims = new Map<string, { readonly owner: string; readonly until: number }>();
  const inbox = new Map<string, { readonly id: string; readonly text: string }[]>();
  /** The times at which webhooks were remembered, by the ids of their responses, oldest first. */
  const webhooks = new Map<string, number>();
  let lastMessage = 0;
  const { notify, watch } = storeListeners();

  function isClaimed(runId: string, now: number): boolean {
    return now < (claims.get(runId)?.until ?? Number.NEGATIVE_INFINITY);
  }

  function forgetOldWebhooks(): void {
    for (const [responseId, at] of webhooks) {
      if (clock.now() - at < rememberWebhooksMs) return;
      webhooks.delete(responseId);
    }
  }

  function heads(filter: RunFilter | undefined): RunHead[] {
    return selectHeads(runs, filter).map((run): RunHead => JSON.parse(run.head));
  }

  return {
    load: async (runId) => {
      const run = runs.get(runId);
      return run && { head: JSON.parse(run.head), items: JSON.parse(`[${run.items}]`) };
    },

    commit: async (change) => {
      const { append, commitId, head, received = [], revision, runId } = change;
      const stored = runs.get(runId);
      if (!checkRevision(stored, change)) return;
      const added = JSON.stringify(append).slice(1, -1);
      const { agent, createdAt, owner, status, threadId } = head;
      runs.set(runId, {
        runId,
        agent,
        commitId,
        createdAt,
        ...defined({ owner, threadId }),
        revision,
        status,
        head: JSON.stringify(head),
        responseId: pendingResponseId(head),
        items: stored?.items && added ? `${stored.items},${added}` : stored?.items || added,
      });
      const left = (inbox.get(runId) ?? []).filter(({ id }) => !received.includes(id));
      if (left.length > 0) inbox.set(runId, left);
      else inbox.delete(runId);
      notify({ type: 'saved', runId });
    },

    list: async (filter) => heads(filter),

    listThreadRuns: async (threadId) => {
      checkThreadId(threadId);
      return selectThreadRuns(heads({ threadId }), threadId);
    },

    listThreads: async (given) => {
      const filter = checkedThreadFilter(given);
      const { agent, owner } = filter;
      return summarizeThreads(heads({ agent, owner }), filter);
    },

    delete: async (runId) => {
      for (const map of [runs, claims, inbox]) map.delete(runId);
      notify({ type: 'saved', runId });
    },

    claim: async (runId, owner, ttlMs) => {
      const now = monotonicNow(clock);
      const claim = claims.get(runId);
      if (claim && claim.owner !== owner && now < claim.until) return false;
      claims.set(runId, { owner, until: now + ttlMs });
      return true;
    },

    release: async (runId, owner) => {
      if (claims.get(runId)?.owner !== owner) return;
      claims.delete(runId);
      notify({ type: 'released', runId });
    },

    renew: async (owner, ttlMs) => {
      const until = monotonicNow(clock) + ttlMs;
      const held = [...claims].filter(([, claim]) => claim.owner === owner).map(([runId]) => runId);
      for (const runId of held) claims.set(runId, { owner, until });
      return held;
    },

    look: async (runIds) => {
      const now = monotonicNow(clock);
      return runIds.map((runId) => ({
        runId,
        revision: runs.get(runId)?.revision,
        commitId: runs.get(runId)?.commitId,
        claimed: isClaimed(runId, now),
        posted: inbox.has(runId),
      }));
    },

    undriven: async (agents) => {
      const now = monotonicNow(clock);
      return [...runs]
        .filter(([, { agent }]) => agents.includes(agent))
        .filter(([runId, { status }]) => needsProcess(status, inbox.has(runId)) && !isClaimed(runId, now))
        .toSorted(([, a], [, b]) => a.createdAt - b.createdAt)
        .map(([runId, { agent }]) => ({ runId, agent }));
    },

    findByResponse: async (responseId) =>
      [...runs.values()].find((run) => run.responseId === responseId)?.runId,

    rememberWebhook: async (responseId) => {
      forgetOldWebhooks();
      // Deleted first, so that the entry becomes the newest.
      webhooks.delete(responseId);
      webhooks.set(responseId, clock.now());
    },

    takeWebhook: async (responseId) => {
      forgetOldWebhooks();
      return webhooks.delete(responseId);
    },

    post: async (runId, message) => {
      const messages = inbox.get(runId) ?? [];
      lastMessage += 1;
      messages.push({ id: String(lastMessage), text: JSON.stringify(message) });
      inbox.set(runId, messages);
      notify({ type: 'posted', runId });
    },

    receive: async (runId) =>
      (inbox.get(runId) ?? []).map(({ id, text }): ReceivedMessage => ({ id, message: JSON.parse(text) })),

    watch,
    publish: (runId, message) => notify({ type: 'live', runId, message }),
  };
}
