import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { answerOf, callCards, inspect, injectFault, startTask, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld, switchFault } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

let server: string | undefined;
const visit = useDemo(async () => {
  const demo = await startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.1' });
  server = demo.url;
  return demo;
});

const faultsSchema = z.object({ on: z.array(z.string()) });

async function activeFaults(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/emulator/faults`);
  return faultsSchema.parse(await response.json()).on;
}

afterEach(async () => {
  // A fault of a failed test must not affect the next test.
  if (server === undefined) return;
  for (const name of await activeFaults(server)) {
    await switchFault(server, name, false);
  }
});

/** Expects the same answer as without a fault, and each of the five tool calls once. */
async function expectTheSameEnd(page: Page): Promise<void> {
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('32.6 %');
  expect(await callCards(page, 'Done').count()).toBe(5);
}

/** Expects that the iteration has ended: its tool has run, and the next iteration has started. */
async function expectTheIterationToEnd(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Iteration 2', exact: true }).waitFor();
  await callCards(page, 'Done').first().waitFor();
}

test('a broken stream reconnects from its cursor', async () => {
  const { page } = await visit();
  await startHeld(page, 'A yearly weather report');
  await injectFault(page, 'Cut the connection');
  await page.getByText('Done: look at the timeline.').waitFor();
  await releaseQueue(page);
  await expectTheIterationToEnd(page);
  await page.getByText('1 reconnect').waitFor();
  await inspect(page, 'Timeline');
  await page.getByRole('button', { name: 'Requests: Stream, reconnected' }).first().focus();
  await page.getByText('starting_after').waitFor();
});

test('the run polls after the stream window has expired', async () => {
  const { page } = await visit();
  await startHeld(page, 'A yearly weather report');
  await injectFault(page, 'Expire the stream window');
  await page.getByText('Done: look at the timeline.').waitFor();
  await page
    .getByText(/next poll/)
    .first()
    .waitFor();
  await releaseQueue(page);
  await expectTheIterationToEnd(page);
});

test('failed polls are retried with the same response id', async () => {
  const { page } = await visit();
  await page.getByRole('radio', { name: 'Poll' }).check();
  await startHeld(page, 'Is Seattle really rainier');
  await injectFault(page, 'Fail the next two polls');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await inspect(page, 'Timeline');
  await page.locator('[data-bar][data-tone="bad"]').first().focus();
  await page.getByText('503').waitFor();
});

test('a create that is answered with 429 is sent again after the delay', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await injectFault(page, 'Answer the next create with 429');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await inspect(page, 'Timeline');
  await page.locator('[data-bar][data-tone="bad"]').first().focus();
  await page.getByText('429').waitFor();
});

test('a response that fails transiently is created again, and no tool runs twice', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await injectFault(page, 'Fail the next response');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await page.getByText('2 attempts').waitFor();
});

test('a create whose response is lost is sent once more, with a warning', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await injectFault(page, 'Lose the next create');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  expect(await page.getByRole('list', { name: 'Warnings' }).innerText()).toContain('create');
});

test('the run stays queued while the queue is held', async () => {
  const { page, url } = await visit();
  const button = (isHeld: boolean) => page.getByRole('button', { name: 'Hold the queue', pressed: isHeld });
  await startHeld(page, 'Find a record');
  await inspect(page, 'Faults');
  await button(true).click();
  await waitForStatus(page, 'Waiting for you');

  await button(false).click();
  await button(true).waitFor();
  await startTask(page, 'Is Seattle really rainier');
  await page
    .getByRole('region', { name: 'Run status' })
    .getByText("In the queue of the model's server")
    .waitFor();
  expect(await activeFaults(url)).toEqual(['hold-queue']);
  await inspect(page, 'Faults');
  await button(true).click();
  await expectTheSameEnd(page);
});

test('if the server loses the calls, like Azure, the run replays the recorded outputs', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await injectFault(page, 'Lose the calls');
  await page.getByRole('button', { name: 'Lose the calls', pressed: true }).waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await page.getByText('replayed').first().waitFor();
});

test('a page that goes offline shows a notice, and continues when it goes online', async () => {
  const { page } = await visit();
  await startHeld(page, 'A yearly weather report');
  const strip = page.getByRole('group', { name: 'Try to stop it' });
  await strip.getByRole('button', { name: 'Go offline' }).click();
  await waitForStatus(page, 'Offline');
  await releaseQueue(page);
  await strip.getByRole('button', { name: 'Go online' }).click();
  await expectTheIterationToEnd(page);
});
