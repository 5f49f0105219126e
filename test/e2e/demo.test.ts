import { expect, test } from 'vitest';
import {
  answer,
  answerOf,
  callCards,
  inspect,
  say,
  startTask,
  turn,
  waitForStatus,
} from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.1' }));

test('polling shows a countdown to the next poll, and a failed tool does not end the run', async () => {
  const { page, complaints } = await visit();
  await page.getByRole('radio', { name: 'Poll' }).check();
  await startTask(page, 'Make a mistake');
  await page
    .getByText(/next poll\s*(in \d|now)/)
    .first()
    .waitFor();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('more sunny days');
  // The card of the failed call stays open. The cards of completed calls fold, and a chart stays visible.
  const failed = callCards(page, 'Failed');
  expect(await failed.count()).toBe(1);
  await failed.getByRole('button', { name: 'Query the data', expanded: true }).waitFor();
  const query = callCards(page, 'Done').filter({ hasText: 'Share of sunny days' });
  expect(await query.getByRole('table').count()).toBe(0);
  await query.getByRole('button', { name: 'Query the data', expanded: false }).click();
  await query.getByRole('table').waitFor();
  await page.getByRole('figure').waitFor();
  expect(complaints.join('\n')).toBe('');
});

test('a slow tool shows its progress', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Odds of a dry fortnight');
  await page.getByRole('progressbar').first().waitFor();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toMatch(/\d+(\.\d)? % ± /);
  expect(complaints.join('\n')).toBe('');
});

test('the agent reads and measures the page', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Inspect this page');
  await waitForStatus(page, 'Done');
  const text = await answerOf(page);
  expect(text).toContain('The page is in good order');
  expect(text).toContain('does not scroll horizontally');
  expect(complaints.join('\n')).toBe('');
});

test('a visitor can answer the questions of a run', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Plan a trip with me');
  await page.getByRole('button', { name: 'Seattle', exact: true }).click();
  await page.getByRole('button', { name: 'Warm days' }).click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('Go to Seattle in Aug');
  expect(complaints.join('\n')).toBe('');
});

test('the reason of a denied call is sent to the model, and no note is saved', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Find a record');
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  // The start page shows that a run waits.
  await page.getByRole('link', { name: 'New conversation' }).click();
  await page.getByRole('heading', { name: 'Conversations 1 waiting for you' }).waitFor();
  await expect.poll(() => page.title()).toBe('(1) Longhaul');
  await page.getByRole('link', { name: /Find a record/ }).click();
  await page.getByLabel('Reason for denying').fill('Not today');
  await page.getByRole('button', { name: 'Deny' }).click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('Not saved, as you decided');
  expect(await page.getByRole('region', { name: 'Notebook' }).count()).toBe(0);
  await inspect(page, 'Requests');
  expect(await page.getByRole('region', { name: 'input', exact: true }).innerText()).toContain('Not today');
  expect(complaints.join('\n')).toBe('');
});

test('the simulated model answers a visitor’s own task, and the conversation continues', async () => {
  const { page, complaints } = await visit();
  await say(page, '(3 + 4) * 6');
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('= 42');
  const first = page.url();
  await say(page, '10 / 4');
  await answer(page, 2).filter({ hasText: '= 2.5' }).waitFor();
  await waitForStatus(page, 'Done');
  // The conversation is the same, and shows both turns.
  expect(page.url()).toBe(first);
  expect(await answerOf(page, 1)).toContain('= 42');
  // The second run chains to the last response of the first.
  await inspect(page, 'Requests');
  await page.getByRole('button', { name: 'Iteration 1' }).click();
  await page.getByText('previous_response_id', { exact: true }).waitFor();
  expect(complaints.join('\n')).toBe('');
});

test('a cancelled run stays cancelled, and can be continued', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'A yearly weather report');
  await page.getByRole('button', { name: 'Stop' }).click();
  await waitForStatus(page, 'Cancelled');
  await page.getByRole('button', { name: 'Continue' }).click();
  await waitForStatus(page, 'Queued');
  // The answer is continued in the same turn.
  await turn(page, 1).waitFor();
  expect(await turn(page, 2).count()).toBe(0);
  // Both runs of the turn are shown, and can be inspected.
  await turn(page, 1).getByText('Cancelled, and continued here').waitFor();
  expect(await turn(page, 1).getByRole('region', { name: 'Iteration 1' }).count()).toBe(2);
  await page.getByRole('group', { name: 'Run', exact: true }).getByRole('radio', { name: 'First' }).check();
  await page.getByRole('button', { name: 'Iteration 1: cancelled' }).waitFor();
  await releaseQueue(page);
  expect(complaints.join('\n')).toBe('');
});

test('a conversation can be removed from the list with all of its turns', async () => {
  const { page, complaints } = await visit();
  await say(page, '1 + 1');
  await waitForStatus(page, 'Done');
  await say(page, '2 + 2');
  await answer(page, 2).waitFor();
  await waitForStatus(page, 'Done');
  await page.getByRole('button', { name: 'Remove “1 + 1”' }).click();
  await page.getByText('No conversations yet.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(complaints.join('\n')).toBe('');
});
