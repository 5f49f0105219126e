import { once } from 'node:events';
import { expect, test } from 'vitest';
import { answerOf, callCards, startTask, waitForStatus } from '../support/demo-page.ts';
import { startDemo } from '../support/demo-server.ts';
import { useDemo } from '../support/use-demo.ts';

// The development server and its supervisor, as with `npm start`.
const visit = useDemo(() => startDemo({ LONGHAUL_DEMO_PACE: '0.1' }));

test('a first visit can run a task with three or more tool calls, and shows that the model is simulated', async () => {
  const { page, complaints } = await visit();
  await page.getByText('simulated model').waitFor();
  await startTask(page, 'Is Seattle really rainier');
  await waitForStatus(page, 'Done');

  expect(await callCards(page, 'Done').count()).toBeGreaterThanOrEqual(3);
  // The figures and the chart are computed from the data, so the tools really ran.
  const text = await answerOf(page);
  expect(text).toContain('4,426 mm');
  expect(text).toContain('32.6 %');
  expect(await page.getByRole('figure').count()).toBe(1);
  expect(complaints.join('\n')).toBe('');
});

test('the server exits with its child processes on SIGTERM', async () => {
  await using other = await startDemo();
  const exited = once(other.process, 'exit');
  other.process.kill('SIGTERM');
  const [code] = await exited;
  expect(code).toBe(0);
  await expect(fetch(other.url)).rejects.toThrow('fetch failed');
});
