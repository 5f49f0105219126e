import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  answer,
  answerOf,
  callCards,
  chooseLoop,
  complaintsOf,
  inspect,
  say,
  startTask,
  turn,
  waitForStatus,
} from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.03' }));

/** The requests that the inspector shows, after it has asked for those that the page has missed. */
async function expectRequests(page: Page, count: number): Promise<void> {
  await inspect(page, 'Requests');
  const requests = page.getByRole('group', { name: 'Requests of this run' }).getByRole('button');
  await expect.poll(() => requests.count()).toBe(count);
}

test('a run on the server queries SQL, asks the page, hides private calls and waits for an approval', async () => {
  const { page, complaints } = await visit();
  await chooseLoop(page, 'On the server');
  await startTask(page, 'Send an offer');
  await page.getByText('20 × Wheel set for €5,580.00, 10 % off').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  await waitForStatus(page, 'Done');
  const text = await answerOf(page);
  expect(text).toContain('Sent to Alder Cycles: 20 × Wheel set');
  // The page has executed this tool.
  expect(text).toContain('amounts are written for en-US');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(await page.getByText('The tool is private').count()).toBe(2);

  expect(await page.getByRole('button', { name: /^Requests: / }).count()).toBeGreaterThanOrEqual(5);
  await expectRequests(page, 5);
  await page.getByText('A real site leaves it off').waitFor();
  expect(complaints.join('\n')).toBe('');
});

test('a run on the server continues without its page, which shows it again with all requests', async () => {
  const { page, context } = await visit();
  await chooseLoop(page, 'On the server');
  await startHeld(page, 'How did sales develop');
  const url = page.url();
  await page.goto('about:blank');
  const second = await context.newPage();
  const complaints = complaintsOf(second);
  await second.goto(url);
  await waitForStatus(second, 'Queued');
  await releaseQueue(second);
  await second.reload();
  await waitForStatus(second, 'Done');
  expect(await answerOf(second)).toContain('The shop sold for €');
  expect(await callCards(second, 'Done').count()).toBe(4);
  await expectRequests(second, 3);
  expect(complaints.join('\n')).toBe('');
});

test('a page that was offline shows the run of the server again when it is online', async () => {
  const { page } = await visit();
  await chooseLoop(page, 'On the server');
  await startHeld(page, 'How did sales develop');
  const strip = page.getByRole('group', { name: 'Try to stop it' });
  await strip.getByRole('button', { name: 'Go offline' }).click();
  await page.getByRole('status', { name: 'Server connection' }).getByText('Offline.').waitFor();
  await releaseQueue(page);
  await strip.getByRole('button', { name: 'Go online' }).click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('The shop sold for €');
  expect(await callCards(page, 'Done').count()).toBe(4);
  await expectRequests(page, 3);
});

test('a message that the server has not received is sent after a reload, and by another tab', async () => {
  const { page, context } = await visit();
  await chooseLoop(page, 'On the server');
  const server = '**/api/longhaul/**';
  await page.route(server, (route) => route.abort());
  await say(page, '6 * 7');
  await turn(page, 1).waitFor();
  await page.unroute(server);
  await page.reload();
  await answer(page, 1).getByText('= 42').waitFor();
  await waitForStatus(page, 'Done');

  await page.route(server, (route) => route.abort());
  await say(page, '8 * 8');
  await turn(page, 2).waitFor();
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByRole('region', { name: 'Waiting messages' }).getByText('8 * 8').waitFor();
  await page.close();
  await answer(second, 2).getByText('= 64').waitFor();
  await waitForStatus(second, 'Done');
  expect(await turn(second, 3).count()).toBe(0);
});

test('visitors see only their own conversations, and each place has its own', async () => {
  const one = await visit();
  await chooseLoop(one.page, 'On the server');
  await startTask(one.page, 'Look at my browser');
  await waitForStatus(one.page, 'Done');
  const path = new URL(one.page.url()).pathname;
  const list = one.page.getByRole('region', { name: 'Conversations' }).getByRole('link');
  expect(await list.count()).toBe(1);

  const other = await visit({ path });
  await other.page.getByText('The server has no such conversation of yours').waitFor();
  await other.page.getByText('No conversations yet. The server keeps them').waitFor();
  // Only the other visitor's requests are refused.
  expect(other.complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  const runId = path.split('/').at(-1);
  const trace = await other.page.request.get(`${other.url}/api/longhaul/runs/${runId}/trace`);
  expect(trace.status()).toBe(404);
  // An old link to the run is refused in the same way.
  await other.page.goto(`${other.url}/server/runs/${runId}`);
  await other.page.getByText('The server has no such run of yours').waitFor();
  await one.page.goto(`${one.url}/server/runs/${runId}`);
  await one.page.waitForURL(`**${path}#turn-${runId}`);
  await waitForStatus(one.page, 'Done');

  await chooseLoop(one.page, 'In this page');
  await one.page.getByText('No conversations yet. They stay in this list').waitFor();
  await one.page.reload();
  // The page remembers the choice, and the arrow keys change it.
  await one.page.getByRole('radio', { name: 'In this page', checked: true }).focus();
  await one.page.keyboard.press('ArrowRight');
  await one.page.getByRole('radio', { name: 'On the server', checked: true }).waitFor();
  expect(await one.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
  await list.waitFor();
  expect(one.complaints.join('\n')).toBe('');
});
