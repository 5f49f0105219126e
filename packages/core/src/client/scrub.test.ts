import { expect, test } from 'vitest';
import { scrubAnswer } from './scrub.ts';

const secret = 'sk-proj-abcdef123456';

async function* broken(): AsyncIterable<readonly unknown[]> {
  yield [];
  throw new TypeError(`reset by ${secret}`);
}

test('a stream that breaks with a secret in its error gives the error without it', async () => {
  const answer = scrubAnswer({ kind: 'stream', events: broken() }, [secret]);
  const read = async (): Promise<void> => {
    for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch).toEqual([]);
  };
  await expect(read()).rejects.toThrow('reset by [redacted]');
});

test('a delta passes as the object that it is', async () => {
  const delta = { type: 'response.output_text.delta', delta: secret };
  async function* events(): AsyncIterable<readonly unknown[]> {
    yield [delta];
  }
  const answer = scrubAnswer({ kind: 'stream', events: events() }, [secret]);
  for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch[0]).toBe(delta);
});
