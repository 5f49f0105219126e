import process from 'node:process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deleteRows, usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { answersOf, FirstCommits, performStep, stepsOf } from '../../test-support/store-steps.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { postgresStore } from '../../src/store/postgres.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();
const numRuns = process.env['LONGHAUL_DEEP'] === '1' ? 1_000 : 15;

test('postgresStore returns the same answers as memoryStore about owners, conversations, claims and undriven runs', async () => {
  const postgres = postgresStore({ database, schema: newSchema() });
  await postgres.list();
  /** Moves the ends of all claims, because the clock of the database cannot be moved. */
  const wait = async (ms: number): Promise<void> => {
    for (const table of ['claims', 'owners'])
      await database.query(
        `UPDATE "${postgres.schema}".${table} SET until = until - $1::float8 * interval '1 millisecond'`,
        [ms],
      );
  };
  await fc.assert(
    // A sum of these waits is a second or more before the end of a claim, or after it.
    fc.asyncProperty(stepsOf([1_000, 4_000, 5_000]), async (steps) => {
      await deleteRows(database, postgres.schema);
      const clock = manualClock(1_770_000_000_000);
      const memory = memoryStore({ clock });
      const firstOf = new FirstCommits();
      for (const change of steps) {
        firstOf.note(change);
        await performStep(memory, change, firstOf);
        await performStep(postgres, change, firstOf);
        if (change.type !== 'wait') continue;
        await clock.advance(change.ms);
        await wait(change.ms);
      }
      expect(await answersOf(postgres)).toEqual(await answersOf(memory));
    }),
    { numRuns },
  );
});
