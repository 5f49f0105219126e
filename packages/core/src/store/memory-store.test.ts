import { expect, test } from 'vitest';
import { runStoreConformance } from '../testing/store-conformance.ts';
import { memoryStore } from './memory-store.ts';

const cases = runStoreConformance({ open: (_, clock) => memoryStore({ clock }), omit: ['sharing'] });

test.each(cases)('$name', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
