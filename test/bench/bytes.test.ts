import { expect, test } from 'vitest';
import { bareLoop, longhaulLoop, sendIterations } from './iterations.ts';

test('a run of 50 iterations sends at most 1.05 times the bytes of a bare fetch loop', async () => {
  const bare = await sendIterations(50, bareLoop);
  const longhaul = await sendIterations(50, longhaulLoop);
  expect(longhaul / bare).toBeLessThanOrEqual(1.05);
});
