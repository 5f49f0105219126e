import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { answersOf, FirstCommits, performStep, stepsOf } from '../../test-support/store-steps.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

test('memoryStore and sqliteStore give the same answers about owners, conversations and undriven runs', async () => {
  await fc.assert(
    fc.asyncProperty(stepsOf([1, 4_999, 5_000]), async (steps) => {
      const clock = manualClock(1_770_000_000_000);
      const memory = memoryStore({ clock });
      using sqlite = sqliteStore({ path: ':memory:', clock });
      const firstOf = new FirstCommits();
      for (const change of steps) {
        firstOf.note(change);
        await performStep(memory, change, firstOf);
        await performStep(sqlite, change, firstOf);
        expect(await answersOf(sqlite)).toEqual(await answersOf(memory));
        if (change.type === 'wait') await clock.advance(change.ms);
      }
    }),
    { numRuns: 150 },
  );
});
