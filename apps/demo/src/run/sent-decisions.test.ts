import { expect, test } from 'vitest';
import type { KeptTexts } from '../storage/kept-texts.ts';
import { createSentDecisions } from './sent-decisions.ts';

function texts(): KeptTexts {
  const kept = new Map<string, string | null>();
  return { read: (key) => kept.get(key) ?? null, write: (key, text) => void kept.set(key, text) };
}

const deny = { type: 'deny', callId: 'a' } as const;

test('a decision is accepted when the server has answered', async () => {
  const decisions = createSentDecisions(texts());
  const answer = Promise.withResolvers<void>();
  const states: (string | undefined)[] = [];
  decisions.subscribe(() => states.push(decisions.read('a')?.state));
  const sent = decisions.send(deny, () => answer.promise);
  answer.resolve();
  await sent;
  expect(states).toEqual(['sending', 'accepted']);
  expect(decisions.read('b')).toBeUndefined();
});

test('a decision that fails has the problem', async () => {
  const decisions = createSentDecisions(texts());
  await decisions.send(deny, () => Promise.reject(new Error('The call is running.')));
  expect(decisions.read('a')).toEqual({ decision: deny, state: 'failed', problem: 'The call is running.' });
});

test('a reload keeps an accepted decision, but not one that may not have arrived', async () => {
  const kept = texts();
  const decisions = createSentDecisions(kept);
  void decisions.send(deny, () => new Promise(() => undefined));
  expect(createSentDecisions(kept).read('a')).toBeUndefined();
  await decisions.send(deny, () => Promise.resolve());
  expect(createSentDecisions(kept).read('a')).toEqual({ decision: deny, state: 'accepted' });
});
