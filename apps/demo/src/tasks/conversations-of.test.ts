import type { RunSummary, ThreadSummary } from '@longhaul/core';
import { expect, test } from 'vitest';
import { conversationsOf, searchConversations } from './conversations-of.ts';

function thread(threadId: string, title: string): ThreadSummary {
  return { threadId, title, status: 'completed', updatedAt: 1, runs: 1 };
}

function run(threadId: string, createdAt: number, endedAt?: number): RunSummary {
  return {
    runId: `${threadId}/${createdAt}`,
    agent: 'demo',
    threadId,
    metadata: {},
    input: '',
    status: 'completed',
    revision: 1,
    usage: {
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      totalTokens: 0,
    },
    createdAt,
    updatedAt: createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

test('conversations with the same title are distinct, and the oldest keeps its title', () => {
  const titles = conversationsOf([thread('c', 'Rain'), thread('b', ''), thread('a', 'Rain')], []).map(
    ({ title }) => title,
  );
  expect(titles).toEqual(['Rain (2)', 'Conversation', 'Rain']);
});

test('the duration is the sum of the turns that have ended', () => {
  const runs = [run('a', 100, 300), run('a', 1_000, 1_050), run('a', 2_000), run('b', 0)];
  const [a, b] = conversationsOf([thread('a', 'A'), thread('b', 'B')], runs);
  expect(a?.durationMs).toBe(250);
  expect(b?.durationMs).toBeUndefined();
});

test('the search finds titles with all words', () => {
  const all = conversationsOf([thread('a', 'Is Seattle really rainier?'), thread('b', 'Plan a trip')], []);
  expect(searchConversations(all, 'RAIN seattle').map(({ threadId }) => threadId)).toEqual(['a']);
  expect(searchConversations(all, ' ')).toHaveLength(2);
  expect(searchConversations(all, 'nothing')).toEqual([]);
});
