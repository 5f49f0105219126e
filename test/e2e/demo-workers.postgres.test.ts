import { expect, test } from 'vitest';
import { answerOf, callCards, waitForStatus } from '../support/demo-page.ts';
import { startDemoOfWorkers } from '../support/demo-server.ts';
import { releaseQueue, startHeld } from '../support/held-queue.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startDemoOfWorkers({ LONGHAUL_DEMO_PACE: '0.1', LONGHAUL_DEMO_PAGE: 'built' }));

test('the other worker continues the run of a worker that is stopped', async () => {
  const { page, complaints } = await visit();
  await startHeld(page, 'Send an offer');
  const status = page.getByRole('region', { name: 'Run status' });
  const workers = page.getByRole('region', { name: 'Workers' });
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
  await workers.getByRole('button', { name: `Start ${first}` }).click();
  await workers.getByRole('button', { name: `Stop ${first}` }).waitFor();
  await approve.click();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('Sent to Alder Cycles: 20 × Wheel set');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(complaints.join('\n')).toBe('');
});
