import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { callCards, inspect, makeTrouble, startTask, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld, switchTrouble } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

let server: string | undefined;
const visit = useDemo(async () => {
  const demo = await startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.1' });
  server = demo.url;
  return demo;
});

const troubles = z.object({ on: z.array(z.string()) });

async function troublesOf(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/emulator/trouble`);
  return troubles.parse(await response.json()).on;
}

afterEach(async () => {
  // A test that failed must not leave its trouble to the next one.
  if (server === undefined) return;
  for (const name of await troublesOf(server)) {
    await switchTrouble(server, name, false);
  }
});

/** Whatever happened on the way: the same answer, each of the five tools once. */
async function expectTheSameEnd(page: Page): Promise<void> {
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('32.6 %');
  expect(await callCards(page, 'Done').count()).toBe(5);
}

/** The iteration came to its end all the same: its one tool ran, and the next iteration is on its way. */
async function expectTheIterationToEnd(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Iteration 2' }).waitFor();
  await callCards(page, 'Done').first().waitFor();
}

test('a stream that is cut connects again from its cursor', async () => {
  const { page } = await visit();
  await startHeld(page, 'A long haul');
  await makeTrouble(page, 'Cut the connection');
  await page.getByText('Done: look at the timeline.').waitFor();
  await releaseQueue(page);
  await expectTheIterationToEnd(page);
  await page.getByText('1 reconnect').waitFor();
  await inspect(page, 'Timeline');
  await page.getByRole('button', { name: 'Requests: Stream, connected again' }).first().focus();
  await page.getByText('starting_after').waitFor();
});

test('an expired stream window leads to polling', async () => {
  const { page } = await visit();
  await startHeld(page, 'A long haul');
  await makeTrouble(page, 'Expire the stream window');
  await page.getByText('Done: look at the timeline.').waitFor();
  await page
    .getByText(/next poll/)
    .first()
    .waitFor();
  await releaseQueue(page);
  await expectTheIterationToEnd(page);
});

test('polls that fail are repeated, with the same response id', async () => {
  const { page } = await visit();
  await page.getByRole('button', { name: 'Poll' }).click();
  await startHeld(page, 'Is Seattle really rainier');
  await makeTrouble(page, 'Fail the next two polls');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await inspect(page, 'Timeline');
  await page.locator('[data-bar][data-tone="bad"]').first().focus();
  await page.getByText('503').waitFor();
});

test('a create that is answered 429 goes out again when the server said so', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await makeTrouble(page, 'Answer the next create with 429');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await inspect(page, 'Timeline');
  await page.locator('[data-bar][data-tone="bad"]').first().focus();
  await page.getByText('429').waitFor();
});

test('a response that fails in passing is created again, and no tool runs twice', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await makeTrouble(page, 'Fail the next response');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await page.getByText('2 attempts').waitFor();
});

test('a create whose answer is lost is sent once more, and a warning says so', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await makeTrouble(page, 'Lose the next create');
  await page.getByText('Armed').waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  expect(await page.getByRole('list', { name: 'Warnings' }).innerText()).toContain('create');
});

test('a queue that is held keeps the run queued until it is released', async () => {
  const { page, url } = await visit();
  const button = (isHeld: boolean) => page.getByRole('button', { name: 'Hold the queue', pressed: isHeld });
  await startHeld(page, 'Find a record');
  await inspect(page, 'Make trouble');
  await button(true).click();
  await waitForStatus(page, 'Waiting for you');

  await button(false).click();
  await button(true).waitFor();
  await startTask(page, 'Is Seattle really rainier');
  await page.getByRole('region', { name: 'Where the run is' }).getByText("In the server's queue").waitFor();
  expect(await troublesOf(url)).toEqual(['hold-queue']);
  await inspect(page, 'Make trouble');
  await button(true).click();
  await expectTheSameEnd(page);
});

test('calls that the server loses, as Azure does, are replayed with the recorded outputs', async () => {
  const { page } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await makeTrouble(page, 'Lose the calls');
  await page.getByRole('button', { name: 'Lose the calls', pressed: true }).waitFor();
  await releaseQueue(page);
  await expectTheSameEnd(page);
  await page.getByText('replayed').first().waitFor();
});

test('a page that is unplugged says so, and goes on when it is plugged in', async () => {
  const { page } = await visit();
  await startHeld(page, 'A long haul');
  const strip = page.getByRole('group', { name: 'Try to stop it' });
  await strip.getByRole('button', { name: 'Unplug the page' }).click();
  await page.getByText('The page is unplugged.').waitFor();
  await releaseQueue(page);
  await strip.getByRole('button', { name: 'Plug in again' }).click();
  await expectTheIterationToEnd(page);
});
