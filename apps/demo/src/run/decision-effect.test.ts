import { expect, test } from 'vitest';
import { decisionEffect, decisionText, isDecided } from './decision-effect.ts';
import type { SentDecision } from './sent-decisions.ts';

const approved: SentDecision = { decision: { type: 'approve', callId: 'a' }, state: 'accepted' };
const denied: SentDecision = { decision: { type: 'deny', callId: 'a' }, state: 'accepted' };
const answered: SentDecision = {
  decision: { type: 'output', callId: 'a', output: 'Blue' },
  state: 'accepted',
};

test('a decision is pending until the view shows one', () => {
  expect(decisionEffect({ status: 'awaiting_approval' }, approved)).toBe('pending');
  expect(decisionEffect({ status: 'running' }, approved)).toBeUndefined();
  expect(decisionEffect({ status: 'denied' }, denied)).toBeUndefined();
  expect(decisionEffect({ status: 'completed', output: 'Blue' }, answered)).toBeUndefined();
  expect(decisionEffect({ status: 'awaiting_approval' }, undefined)).toBeUndefined();
});

test('a decision that was made after another one is lost', () => {
  expect(decisionEffect({ status: 'denied' }, approved)).toBe('lost');
  expect(decisionEffect({ status: 'running' }, denied)).toBe('lost');
  expect(decisionEffect({ status: 'completed', output: 'Red' }, answered)).toBe('lost');
});

test('a decision is not lost if the view does not show which one was made', () => {
  expect(decisionEffect({ status: 'cancelled' }, denied)).toBeUndefined();
  // The output of a private tool is hidden.
  expect(decisionEffect({ status: 'completed' }, answered)).toBeUndefined();
  // The approved call waits for its output.
  expect(decisionEffect({ status: 'awaiting_output' }, approved)).toBeUndefined();
});

test('the visitor can repeat a failed decision, and it is lost if the run has saved another one', () => {
  const failed: SentDecision = { ...denied, state: 'failed', problem: 'The call is running.' };
  expect(decisionEffect({ status: 'awaiting_approval' }, failed)).toBeUndefined();
  expect(decisionEffect({ status: 'running' }, failed)).toBe('lost');
});

test('the text says that a decision waits only after the server has accepted it', () => {
  const wait = 'Waits for a worker.';
  expect(decisionText({ ...approved, state: 'sending' }, 'pending', wait)).toBe('Approving…');
  expect(decisionText(approved, 'pending', wait)).toBe('Approved. Waits for a worker.');
  expect(decisionText(denied, 'pending', '')).toBe('Denied.');
  expect(decisionText(denied, 'lost', wait)).toBe(
    'Your denial has no effect: the call was approved before it.',
  );
  expect(isDecided({ status: 'awaiting_approval' }, { ...approved, state: 'sending' })).toBe(false);
  expect(isDecided({ status: 'awaiting_approval' }, approved)).toBe(true);
});
