import { expect, test } from 'vitest';
import { streamIntoView } from './compare-streams.ts';
import { recordStream } from './recorded-stream.ts';

test('deltas that arrive together are shown together: whoever looks at each change looks twice a chunk at most', async () => {
  const chunks = await recordStream(5_000);
  const { text, looks } = await streamIntoView(chunks);
  expect(text).toBe('word '.repeat(5_000));
  // The run's own steps before and after the stream are shown as well.
  expect(looks).toBeLessThan(2 * chunks.length + 20);
});
