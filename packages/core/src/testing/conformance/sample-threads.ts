import type { RunStore, ThreadRun, ThreadSummary } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { sampleChange, type SampleChange } from './sample-run.ts';

/** The fields of a commit, with those of its head that describe the run's place in its conversation. */
interface ThreadSample extends SampleChange {
  readonly threadId?: string;
  readonly continues?: string;
  readonly title?: string;
  readonly inputText?: string;
}

export async function save(store: RunStore, sample: ThreadSample): Promise<void> {
  const { threadId, continues, title, inputText, ...change } = sample;
  const head = defined({ threadId, continues, title, inputText });
  await store.commit(sampleChange({ ...change, head: { ...head, ...change.head }, append: [{ n: 1 }] }));
}

const samples: readonly ThreadSample[] = [
  { runId: 'branch', createdAt: 6_000, status: 'failed', continues: 'first', inputText: 'And by boat?' },
  { runId: 'first', createdAt: 1_000, status: 'completed', inputText: 'How do I get to Rome?' },
  { runId: 'retry', createdAt: 5_000, status: 'cancelled', continues: 'second' },
  {
    ...{ runId: 'second', createdAt: 4_000, status: 'failed', agent: 'b', continues: 'first' },
    ...{ inputText: 'And back?', title: 'Rome' },
  },
  {
    ...{ runId: 'root-2', createdAt: 2_000, status: 'completed' },
    ...{ inputText: 'How do I get to Paris?', title: 'Paris' },
  },
  { runId: 'orphan', createdAt: 2_000, status: 'queued', continues: 'gone', inputText: '' },
].map((sample) => ({ owner: 'ann', agent: 'a', threadId: 'trip', ...sample }));

/**
 * Saves three conversations. `trip` has two roots, a retry, a branch, and a run whose predecessor is not stored. `tea`
 * belongs to two owners. `old` is a run of an older version, whose head has none of the fields.
 */
export async function fill(store: RunStore): Promise<void> {
  const tea = { owner: 'bob', agent: 'b', runId: 'tea', createdAt: 3_000, status: 'completed' };
  const milk = { owner: 'ann', agent: 'a', runId: 'tea-2', createdAt: 3_500, status: 'in_progress' };
  for (const sample of samples) await save(store, sample);
  await save(store, { runId: 'old', createdAt: 7_000, status: 'completed' });
  await save(store, { ...tea, threadId: 'tea', inputText: 'Green or black tea?' });
  await save(store, { ...milk, threadId: 'tea', continues: 'tea', inputText: 'With milk?' });
}

export const ofAnn = { agent: 'a', owner: 'ann' };
export const runsOfTrip: readonly ThreadRun[] = [
  { runId: 'first', ...ofAnn, status: 'completed', createdAt: 1_000 },
  { runId: 'orphan', ...ofAnn, continues: 'gone', status: 'queued', createdAt: 2_000 },
  { runId: 'root-2', ...ofAnn, status: 'completed', createdAt: 2_000 },
  { runId: 'second', ...ofAnn, agent: 'b', continues: 'first', status: 'failed', createdAt: 4_000 },
  { runId: 'retry', ...ofAnn, continues: 'second', isRetry: true, status: 'cancelled', createdAt: 5_000 },
  { runId: 'branch', ...ofAnn, continues: 'first', status: 'failed', createdAt: 6_000 },
];

/** The conversations of {@link fill}. A sample is saved one millisecond after it was created. */
export const old: ThreadSummary = {
  threadId: 'old',
  title: '',
  status: 'completed',
  updatedAt: 7_001,
  runs: 1,
};
export const trip: ThreadSummary = {
  threadId: 'trip',
  title: 'Rome',
  status: 'failed',
  updatedAt: 6_001,
  runs: 6,
};
export const tea: ThreadSummary = {
  ...{ threadId: 'tea', title: 'Green or black tea?', status: 'in_progress', updatedAt: 3_501, runs: 2 },
};
