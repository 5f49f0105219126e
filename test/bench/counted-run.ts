import { createRunner, defineAgent, fetchClient, memoryStore } from '@longhaul/core';
import { emulatorOf, model, question, readPage } from './iterations.ts';

/** The bytes that an iteration sent and saved. */
interface IterationBytes {
  readonly sent: number;
  readonly saved: number;
  /** `saved` without numbers, including those in arguments, because they have more digits in a longer run. */
  readonly savedWithoutNumbers: number;
  /** The largest saved head. */
  readonly head: number;
  readonly saves: number;
}

/** The bytes of JSON that a run sent and saved. They differ by a few bytes between runs, because heads contain times. */
interface CountedRun {
  readonly iterations: readonly IterationBytes[];
  /** All heads and appended items that were written to the store. */
  readonly saved: number;
  readonly sent: number;
  /** The run's snapshot at its end. */
  readonly snapshot: number;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function withoutNumbers(name: string, value: unknown): unknown {
  if (name === 'arguments' && typeof value === 'string') return value.replaceAll(/\d+/g, '');
  return typeof value === 'number' ? 0 : value;
}

/** Counts the bytes of a run of `iterations` with a tool output of 2 kB each. */
export async function countRun(iterations: number): Promise<CountedRun> {
  const counted = Array.from({ length: iterations }, () => ({
    sent: 0,
    saved: 0,
    savedWithoutNumbers: 0,
    head: 0,
    saves: 0,
  }));
  const emulator = emulatorOf(iterations);
  const store = memoryStore();
  const commit: typeof store.commit = async (change) => {
    await store.commit(change);
    const iteration = counted[change.head.iteration];
    if (iteration === undefined)
      throw new Error(`The run saved the unexpected iteration ${change.head.iteration}.`);
    const head = jsonBytes(change.head);
    iteration.head = Math.max(iteration.head, head);
    iteration.saved += head + jsonBytes(change.append);
    iteration.savedWithoutNumbers += Buffer.byteLength(
      JSON.stringify([change.head, change.append], withoutNumbers),
    );
    iteration.saves += 1;
  };
  let creates = 0;
  const client = fetchClient({
    baseURL: 'http://bench.test/v1',
    fetch: async (url, init) => {
      const iteration = counted[creates];
      creates += 1;
      if (iteration !== undefined && typeof init?.body === 'string')
        iteration.sent += Buffer.byteLength(init.body);
      return emulator.fetch(url, init);
    },
  });
  const agent = defineAgent({
    name: 'bench',
    model,
    tools: [readPage],
    background: false,
    maxIterations: iterations,
  });
  const runner = createRunner({ client, store: { ...store, commit }, mode: 'poll', continuation: 'chain' });
  const run = runner.start(agent, question);
  await run.result();
  const sum = (part: keyof IterationBytes): number =>
    counted.reduce((total, iteration) => total + iteration[part], 0);
  return { iterations: counted, saved: sum('saved'), sent: sum('sent'), snapshot: jsonBytes(run.snapshot()) };
}
