import { expect, test } from 'vitest';
import { streamIntoView } from './compare-streams.ts';
import { recordStream } from './recorded-stream.ts';

test('deltas of one chunk change the view together, so a listener is called at most twice per chunk', async () => {
  const chunks = await recordStream(5_000);
  const { text, looks } = await streamIntoView(chunks);
  expect(text).toBe('word '.repeat(5_000));
  // The steps of the run before and after the stream notify the listener, too.
  expect(looks).toBeLessThan(2 * chunks.length + 20);
});
