import { expect, test } from 'vitest';
import { Gathered } from './gathered.ts';

/** Calls that the test answers. */
function held(mostAtOnce?: number) {
  const batches: { readonly asked: readonly number[]; readonly answer: (error?: Error) => void }[] = [];
  const gathered = new Gathered((asked: readonly number[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const answers = asked.map((n) => `answer ${n}`);
    batches.push({ asked, answer: (error) => (error === undefined ? resolve(answers) : reject(error)) });
    return promise;
  }, mostAtOnce);
  return { gathered, batches };
}

test('a call does not wait, and calls during it share the next statement', async () => {
  const { gathered, batches } = held();
  const answers = [1, 2, 3].map((n) => gathered.ask(n));
  expect(batches.map(({ asked }) => asked)).toEqual([[1]]);
  batches[0]?.answer();
  await expect.poll(() => batches.length).toBe(2);
  batches[1]?.answer();
  expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2', 'answer 3']);
  expect(batches[1]?.asked).toEqual([2, 3]);
});

test('a statement that waits for a lock delays no other calls if two may be in progress', async () => {
  const { gathered, batches } = held(2);
  const slow = gathered.ask(1);
  const others = [2, 3, 4].map((n) => gathered.ask(n));
  batches[1]?.answer();
  await expect.poll(() => batches.length).toBe(3);
  batches[2]?.answer();
  expect(await Promise.all(others)).toEqual(['answer 2', 'answer 3', 'answer 4']);
  batches[0]?.answer();
  expect(await slow).toBe('answer 1');
});

test('a failure concerns the calls of its statement, and later calls are performed', async () => {
  const { gathered, batches } = held();
  const failing = gathered.ask(1);
  const later = gathered.ask(2);
  batches[0]?.answer(new Error('no connection'));
  await expect(failing).rejects.toThrow('no connection');
  await expect.poll(() => batches.length).toBe(2);
  batches[1]?.answer();
  expect(await later).toBe('answer 2');
});

test('a call whose answer is missing is rejected', async () => {
  const gathered = new Gathered(async (_asked: readonly number[]): Promise<readonly string[]> => []);
  await expect(gathered.ask(1)).rejects.toThrow('no answer');
});
