import { expect, test } from 'vitest';
import { answerOf, callCards, isNetworkNoise, startTask, waitForStatus } from '../support/demo-page.ts';
import { startDemoOfWorkers } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startDemoOfWorkers({ LONGHAUL_DEMO_PACE: '0.1', LONGHAUL_DEMO_PAGE: 'built' }));

test('the other worker continues the run of a worker that is stopped, and without one the run waits', async () => {
  const { page, context, complaints } = await visit();
  const workers = page.getByRole('region', { name: 'Workers' });
  // A repetition of the test begins with the workers that the first one has stopped.
  for (const name of ['Worker 1', 'Worker 2']) {
    const row = workers.getByRole('listitem', { name });
    await row.waitFor();
    const isStopped = await row.getByRole('button', { name: `Start ${name}` }).isVisible();
    if (isStopped) await row.getByRole('button').click();
    await row.getByRole('button', { name: `Stop ${name}` }).waitFor();
  }
  await startHeld(page, 'Send an offer');
  const status = page.getByRole('region', { name: 'Run status' });
  const driver = status.getByRole('status', { name: 'Driver' });
  const first = await driver.getByText(/^Worker \d$/).innerText();
  const second = first === 'Worker 1' ? 'Worker 2' : 'Worker 1';
  await workers
    .getByRole('list', { name: `Runs of ${first}` })
    .getByText('Send an offer')
    .waitFor();
  await status.getByRole('button', { name: `Stop ${first}` }).click();
  await workers.getByRole('button', { name: `Start ${first}` }).waitFor();
  await driver.getByText(second, { exact: true }).waitFor();
  await releaseQueue(page);

  // A run that waits for a person needs no process, and the decision wakes it.
  const approve = page.getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  await driver.getByText('Waits without a process').waitFor();
  await workers.getByText('1 run waits without a process.').waitFor();

  // Without a worker, the decision of each tab waits. The first one counts.
  await workers.getByRole('button', { name: `Stop ${second}` }).click();
  await workers.getByRole('button', { name: `Start ${second}` }).waitFor();
  const otherTab = await context.newPage();
  await otherTab.goto(page.url());
  const deny = otherTab.getByRole('button', { name: 'Deny' });
  await deny.waitFor();
  await approve.click();
  await page.getByText('Approved. Waits until a worker is started.').waitFor();
  expect(await approve.isDisabled()).toBe(true);
  await waitForStatus(page, 'No worker');
  await deny.click();
  await otherTab.getByText('Denied. Waits until a worker is started.').waitFor();

  // The list does not show old states as current ones.
  await page.getByRole('button', { name: 'Kill the server' }).click();
  const lastKnown = workers.getByText('These are the last known states.');
  await lastKnown.waitFor();
  const start = workers.getByRole('button', { name: `Start ${first}` });
  expect(await start.isDisabled()).toBe(true);
  await lastKnown.waitFor({ state: 'hidden' });
  await start.click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('Sent to Alder Cycles: 20 × Wheel set');
  expect(await callCards(page, 'Done').count()).toBe(5);
  await otherTab.getByText('Your denial has no effect: the call was approved before it.').waitFor();
  expect(await page.getByText('has no effect').count()).toBe(0);

  // A run that no worker drives waits for one, and so does its cancel.
  await workers.getByRole('button', { name: `Stop ${first}` }).click();
  await start.waitFor();
  await startTask(page, 'Send an offer');
  await waitForStatus(page, 'No worker');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Cancelling…' }).waitFor();
  await waitForStatus(page, 'Cancelling');
  await start.click();
  await waitForStatus(page, 'Cancelled');
  expect(complaints.filter((complaint) => !isNetworkNoise(complaint))).toEqual([]);
});
