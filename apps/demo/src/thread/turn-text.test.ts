import type { TextPart } from '@longhaul/core';
import { expect, test } from 'vitest';
import { answerText, firstWords } from './turn-text.ts';

function text(value: string, iteration: number, phase?: TextPart['phase']): TextPart {
  return {
    type: 'text',
    text: value,
    iteration,
    key: `${iteration}/${value}`,
    done: true,
    annotations: [],
    ...(phase === undefined ? {} : { phase }),
  };
}

test('the answer is the text of the last iteration, without commentary', () => {
  expect(answerText([text('I look it up', 0), text('One', 1), text('Two', 1)])).toBe('One\n\nTwo');
  expect(answerText([text('Still looking', 1, 'commentary'), text('Here', 1, 'final_answer')])).toBe('Here');
  expect(answerText([])).toBe('');
});

test('a title has whole words', () => {
  expect(firstWords('  A short \n question ')).toBe('A short question');
  expect(firstWords('one two three four', 12)).toBe('one two …');
  expect(firstWords('x'.repeat(100), 10)).toBe('xxxxx …');
});
