import { emptyView, type RunView, type WaitingView } from '@longhaul/core';
import { expect, test } from 'vitest';
import { statusSentence, type Contact } from './status-sentence.ts';

const contact: Contact = { isOffline: false, isAway: false };
const waiting: WaitingView = {
  mode: 'stream',
  responseId: 'resp_1',
  responseStatus: 'in_progress',
  attempt: 0,
  startedAt: 1_000,
};
const error = { code: 'connection', message: 'Failed to fetch', at: 0 } as const;

function run(view: Partial<RunView>): RunView {
  return { ...emptyView, status: 'in_progress', ...view };
}

test('a run that works is shown as working, without words about how its text is received', () => {
  expect(statusSentence(run({ waiting }), 'page', contact)).toEqual({
    tone: 'working',
    label: 'Working',
    text: 'The model is working',
  });
  const queued = run({ status: 'queued', waiting: { ...waiting, responseStatus: 'queued' } });
  expect(statusSentence(queued, 'page', contact)).toEqual({
    tone: 'queued',
    label: 'Queued',
    text: "In the queue of the model's server",
  });
});

test('the text agrees with the label while the page has a newer status of the response than of the run', () => {
  const queued = run({ status: 'queued', waiting });
  expect(statusSentence(queued, 'page', contact)).toMatchObject({
    label: 'Queued',
    text: "In the queue of the model's server",
  });
});

test('a run whose server cannot be reached is not shown as working', () => {
  const lost = run({ waiting: { ...waiting, error, nextPollAt: 3_000 } });
  expect(statusSentence(lost, 'page', contact)).toEqual({
    tone: 'queued',
    label: 'Reconnecting',
    text: 'The server cannot be reached. The job continues at the server.',
    next: { label: 'reconnects', from: 1_000, to: 3_000 },
  });
  const away = statusSentence(lost, 'page', { isOffline: false, isAway: true });
  expect(away.label).toBe('No contact');
  expect(away.text).toBe('The run continues when the server is back.');
});

test('a page that is offline says what continues without it', () => {
  const offline = { isOffline: true, isAway: false };
  expect(statusSentence(run({ waiting }), 'server', offline).text).toBe('The server continues the run.');
  expect(statusSentence(run({ waiting }), 'page', offline).text).toBe(
    'The run continues when the page is online.',
  );
  expect(statusSentence(run({ waiting: null }), 'page', offline).text).toBe(
    'The next request is sent when the page is online.',
  );
});

test('tools of the page and a wait for a person do not need the server', () => {
  const away = { isOffline: false, isAway: true };
  expect(statusSentence(run({ status: 'running_tools' }), 'page', away).label).toBe('Running tools');
  expect(statusSentence(run({ status: 'running_tools' }), 'server', away).label).toBe('No contact');
  const call = {
    callId: 'a',
    name: 'save_note',
    arguments: {},
    rawArguments: '{}',
    status: 'awaiting_approval',
    iteration: 0,
  } as const;
  const view = run({ status: 'requires_action', toolCalls: [call] });
  expect(statusSentence(view, 'page', away).label).toBe('Waiting for you');
});

test('a run that polls has the time of its next poll', () => {
  const polls = run({ waiting: { ...waiting, mode: 'poll', lastPolledAt: 2_000, nextPollAt: 4_000 } });
  expect(statusSentence(polls, 'page', contact)).toMatchObject({
    label: 'Working',
    next: { label: 'next poll', from: 2_000, to: 4_000 },
  });
});

test('a run that has ended is described by its end, even without contact', () => {
  const away = { isOffline: true, isAway: true };
  const iteration = {
    index: 0,
    status: 'completed',
    responseId: 'resp_1',
    toolCallIds: [],
    attempts: [],
    startedAt: 0,
    text: '',
  } as const;
  const done = run({ status: 'completed', iterations: [iteration, { ...iteration, index: 1 }] });
  expect(statusSentence(done, 'page', away)).toMatchObject({ label: 'Done', text: '2 iterations' });
  const call = {
    callId: 'a',
    name: 'list_notes',
    arguments: {},
    rawArguments: '{}',
    status: 'completed',
    iteration: 0,
  } as const;
  const oneCall = run({ status: 'completed', iterations: [iteration], toolCalls: [call] });
  expect(statusSentence(oneCall, 'page', contact).text).toBe('1 iteration, 1 tool call');
  const warnings = [{ code: 'cancel_undelivered', message: '', at: 0 }] as const;
  expect(statusSentence(run({ status: 'cancelled', warnings }), 'page', contact).text).toContain(
    'may still be running',
  );
});

test('a cancel is not described by the error of the request before it', () => {
  const view = run({ status: 'cancelling', waiting: { ...waiting, error } });
  expect(statusSentence(view, 'page', contact)).toMatchObject({
    label: 'Cancelling',
    text: 'Stopping the answer',
  });
});

test('a run without a worker waits for one, unless it waits for a person', () => {
  const none = { hasNoWorker: true };
  expect(statusSentence(run({ waiting }), 'server', contact, none)).toEqual({
    tone: 'queued',
    label: 'No worker',
    text: 'The run continues when a worker is started.',
  });
  const call = {
    callId: 'a',
    name: 'send_offer',
    arguments: {},
    rawArguments: '{}',
    status: 'awaiting_approval',
    iteration: 0,
  } as const;
  const asks = run({ status: 'requires_action', toolCalls: [call] });
  expect(statusSentence(asks, 'server', contact, none).label).toBe('Waiting for you');
  expect(statusSentence(asks, 'server', contact, { ...none, isDecided: true }).label).toBe('No worker');
  expect(statusSentence(asks, 'server', contact, { isDecided: true }).label).toBe('Decided');
  expect(statusSentence(run({ status: 'completed' }), 'server', contact, none).label).toBe('Done');
  const halted = run({ halted: { reason: 'attempts', since: 0 }, waiting });
  expect(statusSentence(halted, 'server', contact, none).label).toBe('Working');
});

test('a run that this tab has cancelled is shown as cancelling before its view is', () => {
  const stopped = run({ waiting });
  expect(statusSentence(stopped, 'server', contact, { isStopped: true })).toMatchObject({
    label: 'Cancelling',
    text: 'Stopping the answer',
  });
  expect(statusSentence(stopped, 'server', contact, { isStopped: true, hasNoWorker: true }).text).toBe(
    'The answer is stopped when a worker is started.',
  );
});
