import { expect, test } from 'vitest';
import { answerJson } from './answer-json.ts';

const list = (count: number, unit: string): string => `[${Array(count).fill(unit).join(',')}]`;
const response = (fields: string): string =>
  `{"id":"resp_1","object":"response","status":"completed",${fields}}`;
const manyKeys = `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',')}}`;

// Attack: the proxy rewrote an answer for minutes, because its 142 kB of gzip unpacked to 10,000,000 items.
test.each([
  ['items', response(`"output":${list(100_000, '{}')}`)],
  [
    'items of an event',
    `{"type":"response.completed","response":${response(`"output":${list(100_000, '{}')}`)}}`,
  ],
  ['values', response(`"x":${list(5_000_000, '[]')}`)],
  ['fields', response(`"x":${manyKeys}`)],
  ['fields of an item', response(`"output":[${manyKeys}]`)],
])('rejects an answer with too many %s', (_, text) => {
  expect(() => answerJson(text)).toThrow('more than');
});

test.each([
  [
    'log probabilities of 10,000 tokens',
    list(10_000, '{"token":"a","bytes":[97],"logprob":-1.5,"top_logprobs":[]}'),
  ],
  ['an image of megabytes', `"${'A'.repeat(4 * 2 ** 20)}"`],
  ['10,000 items', list(10_000, '{"type":"message"}')],
])('reads %s', (_, output) => {
  const text = response(`"output":${output}`);
  expect(answerJson(text)).toEqual(JSON.parse(text));
});
