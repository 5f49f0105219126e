import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answerOf, callCards, inspect, startTask, waitForPage, waitForStatus } from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.25' }));

/** The number of resumes in the timeline. */
function resumes(page: Page): Promise<number> {
  return page.getByTitle('Resumed').count();
}

/** Reloads the page as soon as it shows this status. A test that looks for the status may be too slow to see it. */
async function reloadAt(page: Page, status: string): Promise<void> {
  await page.evaluate((wanted) => {
    const observer = new MutationObserver(() => {
      const shown = document.querySelector('[aria-label="Run status"] [role="status"]');
      if (shown?.textContent?.includes(wanted) !== true) return;
      observer.disconnect();
      location.reload();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  }, status);
}

test.each(['Queued', 'Working', 'Running tools'])(
  'a page that is reloaded while the run is “%s” resumes the run, which completes',
  async (status) => {
    const { page, complaints } = await visit();
    const reloaded = page.waitForEvent('load');
    await reloadAt(page, status);
    await startTask(page, 'Odds of a dry fortnight');
    await reloaded;
    await waitForStatus(page, 'Done');
    expect(await answerOf(page)).toContain('Go to New York');
    // Each of the four calls has one card, and has completed.
    expect(
      await page.getByRole('article', { name: /^(Simulate|Query the data|Calculate): Done$/ }).count(),
    ).toBe(4);
    expect(await resumes(page)).toBe(1);
    expect(complaints.join('\n')).toBe('');
  },
);

test('a call that waits for approval survives a reload, and the note is saved once', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Find a record');
  await waitForStatus(page, 'Waiting for you');
  await page.reload();
  await page.getByRole('button', { name: 'Approve' }).click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('Your notebook now has 1 note.');
  expect(await page.getByRole('region', { name: 'Notebook' }).getByRole('listitem').count()).toBe(1);
  expect(complaints.join('\n')).toBe('');
});

test('a reload shows a finished run with its timeline and requests', async () => {
  const { page, complaints } = await visit();
  await startTask(page, 'Make a mistake');
  await waitForStatus(page, 'Done');
  const bars = await page.getByRole('group', { name: 'Timeline' }).getByRole('button').count();
  await page.reload();
  await waitForStatus(page, 'Done');
  await expect
    .poll(() => page.getByRole('group', { name: 'Timeline' }).getByRole('button').count())
    .toBe(bars);
  await inspect(page, 'Requests');
  expect(await page.getByRole('group', { name: 'Requests of this run' }).getByRole('button').count()).toBe(4);
  expect(complaints.join('\n')).toBe('');
});

test('one of two tabs drives the run, the other follows it, and a decision of the follower takes effect once', async () => {
  const { page, context, complaints } = await visit();
  await startHeld(page, 'Find a record');
  const second = await context.newPage();
  await second.goto(page.url());
  await waitForPage(second);
  await second.getByText('driven by another tab').waitFor();
  await releaseQueue(page);
  await waitForStatus(second, 'Waiting for you');
  await second.getByRole('button', { name: 'Approve' }).click();
  await Promise.all([waitForStatus(page, 'Done'), waitForStatus(second, 'Done')]);
  expect(await answerOf(page)).toContain('Your notebook now has 1 note.');
  expect(await answerOf(second)).toBe(await answerOf(page));
  expect(await callCards(second, 'Done').count()).toBe(4);
  expect(complaints.join('\n')).toBe('');
});

test('a follower takes over when the driving tab is closed', async () => {
  const { page, context } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByText('driven by another tab').waitFor();
  await page.close();
  await releaseQueue(second);
  await waitForStatus(second, 'Done');
  expect(await answerOf(second)).toContain('32.6 %');
});

test('a run that changes from streaming to polling completes', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  await page.getByRole('radio', { name: 'Poll' }).check();
  await page
    .getByText(/next poll/)
    .first()
    .waitFor();
  await releaseQueue(page);
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('32.6 %');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(complaints.join('\n')).toBe('');
});
