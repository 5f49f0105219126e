import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  answerOf,
  callCards,
  chooseLoop,
  inspect,
  isNetworkNoise,
  waitForStatus,
} from '../support/demo-page.ts';
import { startDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

// The supervisor of `npm start`, with the built page.
const visit = useDemo(() => startDemo({ LONGHAUL_DEMO_PACE: '0.1', LONGHAUL_DEMO_PAGE: 'built' }));

/** Releases the queue as soon as the next process of the server answers. */
async function releaseQueueAfterRestart(page: Page): Promise<void> {
  await expect
    .poll(() =>
      releaseQueue(page).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
}

test('a killed server restarts, and the runs of the page and of the server complete', async () => {
  const { page, complaints } = await visit();
  const { page: watching, complaints: complaintsOfWatching } = await visit();
  await chooseLoop(watching, 'On the server');
  await startHeld(watching, 'How did sales develop');
  await startHeld(page, 'Is Seattle really rainier');
  let loads = 0;
  for (const each of [page, watching]) each.on('load', () => (loads += 1));
  const strip = page.getByRole('group', { name: 'Try to stop it' });
  // The notice disappears when the server is back. A failed request may show its error before the page's own check does.
  await Promise.all([
    page
      .getByText(/Failed to fetch|network error|cannot be reached|The server is not responding/i)
      .first()
      .waitFor(),
    watching.getByText('The server is not responding.').waitFor(),
    strip.getByRole('button', { name: 'Kill the server' }).click(),
  ]);
  await releaseQueueAfterRestart(page);

  await waitForStatus(page, 'Done');
  expect(await page.getByText('The server is not responding.').count()).toBe(0);
  // The answer is the same as without the kill, and the run has five calls.
  expect(await answerOf(page)).toContain('32.6 %');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(complaints.filter((complaint) => !isNetworkNoise(complaint))).toEqual([]);

  await waitForStatus(watching, 'Done');
  expect(await answerOf(watching)).toContain('The shop sold for €');
  expect(await callCards(watching, 'Done').count()).toBe(4);
  await watching.getByTitle('Resumed').waitFor();
  await inspect(watching, 'Requests');
  const requests = watching.getByRole('group', { name: 'Requests of this run' });
  expect(await requests.getByRole('button').count()).toBe(3);
  expect(complaintsOfWatching.filter((complaint) => !isNetworkNoise(complaint))).toEqual([]);
  expect(loads).toBe(0);
});
