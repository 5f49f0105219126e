import * as fc from 'fast-check';
import type { RunStore } from '../src/store/run-store.ts';
import { sampleChange } from '../src/testing/conformance/sample-run.ts';
import { defined } from '../src/wire/defined.ts';

const statuses = ['queued', 'in_progress', 'running_tools', 'requires_action', 'cancelling', 'completed'];
const agents = ['a', 'b', 'it"s', '\u0000'];
const owners = [undefined, 'ann', 'bob', '\ud800', '\ufffd'];
const ids = ['run-0', 'run-1', 'run-2', '\ud800', '\u0000'];

const texts = [undefined, '', 'Rome', 'caf\u00e9 \ud83d\udea3', 'half \ud83d', '\u0000'];

const runId = fc.constantFrom(...ids);
const process = fc.constantFrom('p', 'q');
interface Commit {
  readonly type: 'commit';
  readonly runId: string;
  readonly agent: string;
  readonly owner: string | undefined;
  readonly status: string;
  /** Whether the commit deletes the messages of the run. */
  readonly receives: boolean;
  readonly place: {
    readonly threadId?: string;
    readonly continues?: string;
    readonly title?: string | undefined;
    readonly inputText?: string | undefined;
    readonly updatedAt: number;
  };
}

export type Step =
  | Commit
  | { readonly type: 'post' | 'delete'; readonly runId: string }
  | { readonly type: 'claim' | 'release'; readonly runId: string; readonly process: string }
  | { readonly type: 'wait'; readonly ms: number };

function stepOf(waitsMs: readonly number[]): fc.Arbitrary<Step> {
  return fc.oneof(
    fc.record({
      type: fc.constant('commit' as const),
      runId,
      agent: fc.constantFrom(...agents),
      owner: fc.constantFrom(...owners),
      status: fc.constantFrom(...statuses),
      receives: fc.boolean(),
      place: fc.record(
        {
          threadId: fc.constantFrom(...ids),
          continues: fc.constantFrom(...ids, 'gone'),
          title: fc.constantFrom(...texts),
          inputText: fc.constantFrom(...texts),
          updatedAt: fc.nat(9),
        },
        { requiredKeys: ['updatedAt'] },
      ),
    }),
    fc.record({ type: fc.constantFrom('post' as const, 'delete' as const), runId }),
    fc.record({ type: fc.constantFrom('claim' as const, 'release' as const), runId, process }),
    fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(...waitsMs) }),
  );
}
/** Steps that change a store, or let time pass: one of `waitsMs`, in milliseconds. A claim holds for 5 s. */
export function stepsOf(waitsMs: readonly number[]): fc.Arbitrary<Step[]> {
  return fc.array(stepOf(waitsMs), { maxLength: 25 });
}

const ttlMs = 5_000;

/** The holder of a claim. In a database, a claim renews all claims of its holder, so each run has its own holders. */
function holderOf({
  runId: id,
  process: name,
}: {
  readonly runId: string;
  readonly process: string;
}): string {
  return `${name} of ${ids.indexOf(id)}`;
}

/** The first commit of each run. A run keeps its agent, and its place in its conversation. */
export class FirstCommits extends Map<string, Commit> {
  /** Adds a step, if it is the first commit of its run. */
  note(change: Step): void {
    if (change.type === 'commit' && !this.has(change.runId)) this.set(change.runId, change);
  }
}

/** Performs a step, except for a wait. */
export async function performStep(store: RunStore, change: Step, firstOf: FirstCommits): Promise<void> {
  switch (change.type) {
    case 'commit': {
      const { owner, runId: id, status, receives } = change;
      const received = receives ? ((await store.receive?.(id)) ?? []).map((message) => message.id) : [];
      const revision = ((await store.load(id))?.head.revision ?? 0) + 1;
      const createdAt = 1_000 + ids.indexOf(id);
      const commitId = `${createdAt}/${revision}`;
      const { agent, place } = firstOf.get(id) ?? change;
      const head = { ...defined({ ...place }), updatedAt: change.place.updatedAt };
      const optional = owner === undefined ? {} : { owner };
      return store.commit(
        sampleChange({
          runId: id,
          agent,
          ...optional,
          status,
          createdAt,
          revision,
          commitId,
          head,
          received,
        }),
      );
    }
    case 'post':
      return store.post?.(change.runId, 'message');
    case 'delete':
      return store.delete(change.runId);
    case 'claim':
      await store.claim?.(change.runId, holderOf(change), ttlMs);
      return;
    case 'release':
      return store.release?.(change.runId, holderOf(change));
    case 'wait':
      return;
  }
}

/** The answers of a store about all owners, conversations, claims and undriven runs of the steps. */
export async function answersOf(store: RunStore): Promise<unknown> {
  // SQLite measures a claim from the time at which this process first reads it. So every claim is read here.
  const looks = await store.look?.(ids);
  const lists = [...owners, 'x'].map((owner) => store.list({ owner, limit: 4 }));
  const some = store.list({ owner: 'ann', status: ['queued', 'completed'], agent: 'a' });
  const undriven = [agents, ['a'], ['x'], []].map((each) => store.undriven?.(each));
  const ofThreads = ids.flatMap((threadId) => [
    store.list({ threadId }),
    store.list({ threadId, owner: 'ann', status: ['queued', 'completed'] }),
    store.listThreadRuns?.(threadId),
    store.listThreads?.({ after: threadId }),
    store.listThreads?.({ after: threadId, owner: 'ann', limit: 1 }),
  ]);
  const threads = [...owners, 'x'].flatMap((owner) => [
    store.listThreads?.({ owner }),
    store.listThreads?.({ owner, agent: 'a', limit: 2 }),
  ]);
  return [looks, ...(await Promise.all([...lists, some, ...undriven, ...ofThreads, ...threads]))];
}
