import { once } from 'node:events';
import { expect, test } from 'vitest';
import { callCards, chooseLoop, inspect, startTask, waitForStatus } from '../support/demo-page.ts';
import { startDemo } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

// The development server and its supervisor, as with `npm start`.
const visit = useDemo(() => startDemo({ LONGHAUL_DEMO_PACE: '0.4' }));

/** The messages of a lost connection in the console of a browser. */
const networkNoise = /Failed to load resource|net::ERR|\[vite\]/;

test('a first visit can run a task with three or more tool calls, and shows that the model is simulated', async () => {
  const { page, complaints } = await visit();
  await page.getByText('simulated model').waitFor();
  await startTask(page, 'Is Seattle really rainier');
  await waitForStatus(page, 'Done');

  expect(await callCards(page, 'Done').count()).toBeGreaterThanOrEqual(3);
  // The figures and the chart are computed from the data, so the tools really ran.
  const answer = await page.getByTestId('answer').innerText();
  expect(answer).toContain('4,426 mm');
  expect(answer).toContain('32.6 %');
  expect(await page.getByRole('figure').count()).toBe(1);
  expect(complaints).toEqual([]);
});

test('a killed server restarts, and the run completes', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'Is Seattle really rainier');
  let loads = 0;
  page.on('load', () => (loads += 1));
  const strip = page.getByRole('group', { name: 'Try to stop it' });
  // The notice disappears when the server is back. A failed request may show its error before the page's own check does.
  await Promise.all([
    page
      .getByText(/Failed to fetch|network error|cannot be reached|The server is not responding/i)
      .first()
      .waitFor(),
    strip.getByRole('button', { name: 'Kill the server' }).click(),
  ]);
  await expect
    .poll(() =>
      releaseQueue(page).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await waitForStatus(page, 'Done');
  expect(await page.getByText('The server is not responding.').count()).toBe(0);
  expect(loads).toBe(0);
  // The answer is the same as without the kill, and the run has five calls.
  expect(await page.getByTestId('answer').innerText()).toContain('32.6 %');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(complaints.filter((complaint) => !networkNoise.test(complaint))).toEqual([]);
});

test('a run on the server continues in the next process after the server is killed', async () => {
  const { page, complaints } = await visit();
  await chooseLoop(page, 'On the server');
  await startHeld(page, 'How did sales develop');
  await page.getByRole('button', { name: 'Kill the server' }).click();
  await page.getByText('The server is not responding.').waitFor();
  await expect
    .poll(() =>
      releaseQueue(page).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await waitForStatus(page, 'Done');
  expect(await page.getByTestId('answer').innerText()).toContain('The shop sold for €');
  expect(await callCards(page, 'Done').count()).toBe(4);
  await page.getByTitle('Resumed').waitFor();
  await inspect(page, 'Requests');
  expect(await page.getByRole('group', { name: 'Requests of this run' }).getByRole('button').count()).toBe(3);
  expect(complaints.filter((complaint) => !networkNoise.test(complaint))).toEqual([]);
});

test('the server exits with its child processes on SIGTERM', async () => {
  await using other = await startDemo();
  const exited = once(other.process, 'exit');
  other.process.kill('SIGTERM');
  const [code] = await exited;
  expect(code).toBe(0);
  await expect(fetch(other.url)).rejects.toThrow('fetch failed');
});
