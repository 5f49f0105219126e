import { expect, test } from 'vitest';
import { bareLoop, longhaulLoop, sendLegs } from './legs.ts';

test('a run of 50 legs sends at most 1.05 times the bytes of a bare fetch loop', async () => {
  const bare = await sendLegs(50, bareLoop);
  const longhaul = await sendLegs(50, longhaulLoop);
  expect(longhaul / bare).toBeLessThanOrEqual(1.05);
});
