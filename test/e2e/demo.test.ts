import { expect, test } from 'vitest';
import { callCards, inspect, startTask, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.1' }));

test('polling shows a countdown to the next poll, and a failed tool does not end the run', async () => {
  const { page, complaints } = await visit();
  await page.getByRole('button', { name: 'Poll' }).click();
  await startTask(page, 'Make a mistake');
  await page
    .getByText(/next poll\s*(in \d|now)/)
    .first()
    .waitFor();
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('more sunny days');
  expect(await callCards(page, 'Failed').count()).toBe(1);
  expect(complaints.join('\n')).toBe('');
});

test('a slow tool shows its progress', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Odds of a dry fortnight');
  await page.getByRole('progressbar').first().waitFor();
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toMatch(/\d+(\.\d)? % ± /);
  expect(complaints.join('\n')).toBe('');
});

test('the agent reads and measures the page', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Inspect this page');
  await waitForStatus(page, 'Done');
  const answer = await page.getByTestId('answer').innerText();
  expect(answer).toContain('The page is in good order');
  expect(answer).toContain('does not scroll horizontally');
  expect(complaints.join('\n')).toBe('');
});

test('a visitor can answer the questions of a run', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Plan a trip with me');
  await page.getByRole('button', { name: 'Seattle', exact: true }).click();
  await page.getByRole('button', { name: 'Warm days' }).click();
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('Go to Seattle in Aug');
  expect(complaints.join('\n')).toBe('');
});

test('the reason of a denied call is sent to the model, and no note is saved', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Find a record');
  await page.getByLabel('Reason for denying').fill('Not today');
  await page.getByRole('button', { name: 'Deny' }).click();
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('Not saved, as you decided');
  expect(await page.getByRole('region', { name: 'Notebook' }).count()).toBe(0);
  await inspect(page, 'Requests');
  expect(await page.getByRole('region', { name: 'input', exact: true }).innerText()).toContain('Not today');
  expect(complaints.join('\n')).toBe('');
});

test('the simulated model answers a visitor’s own task, and the conversation continues', async () => {
  const { page, complaints } = await visit();
  await page.getByLabel('Your task').fill('(3 + 4) * 6');
  await page.getByLabel('Your task').press('Enter');
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('= 42');
  const first = page.url();
  await page.getByLabel('Ask a follow-up').fill('10 / 4');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForURL((url) => url.href !== first);
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('= 2.5');
  // The second run chains to the last response of the first.
  await inspect(page, 'Requests');
  await page.getByRole('button', { name: 'Iteration 1' }).click();
  await page.getByText('previous_response_id', { exact: true }).waitFor();
  expect(complaints.join('\n')).toBe('');
});

test('a cancelled run stays cancelled, and can be continued', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'A yearly weather report');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await waitForStatus(page, 'Cancelled');
  const first = page.url();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.href !== first);
  await waitForStatus(page, 'Queued');
  await releaseQueue(page);
  expect(complaints.join('\n')).toBe('');
});

test('a finished run can be removed from the list', async () => {
  const { page, complaints } = await visit();
  await page.getByLabel('Your task').fill('1 + 1');
  await page.getByLabel('Your task').press('Enter');
  await waitForStatus(page, 'Done');
  await page.getByRole('button', { name: 'Remove “1 + 1”' }).click();
  await page.getByText('No runs yet.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(complaints.join('\n')).toBe('');
});
