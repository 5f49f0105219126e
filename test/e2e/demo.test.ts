import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openDemoPage, startTask, waitForStatus } from '../support/demo-page.ts';
import { type DemoServer, startDemo } from '../support/demo-server.ts';

let demo: DemoServer;
let browser: Browser;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await demo[Symbol.asyncDispose]();
});

describe('a first visit', () => {
  test('says that the model is simulated, and runs a task to its answer with at least three tool calls', async () => {
    const { page, complaints } = await openDemoPage(browser, demo.url);
    await page.getByText('simulated model').waitFor();
    await startTask(page, 'Is Seattle really rainier');
    await waitForStatus(page, 'Done');

    const cards = page.getByRole('article', { name: /: Done$/ });
    expect(await cards.count()).toBeGreaterThanOrEqual(3);
    const answer = page.getByTestId('answer');
    // The tools really ran: these are the data's own figures.
    expect(await answer.innerText()).toContain('4,426 mm');
    expect(await answer.innerText()).toContain('32.6 %');
    expect(await page.getByRole('figure').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('polls with a countdown to the next poll, when asked to', async () => {
    const { page, complaints } = await openDemoPage(browser, demo.url);
    await page.getByRole('button', { name: 'Poll' }).click();
    await startTask(page, 'Make a mistake');
    await page
      .getByText(/next poll\s*(in \d|now)/)
      .first()
      .waitFor();
    await waitForStatus(page, 'Done');
    expect(await page.getByTestId('answer').innerText()).toContain('sunnier days');
    // A tool that failed does not end a run.
    expect(await page.getByRole('article', { name: /: Failed$/ }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});

test('the server ends with its children on SIGTERM', async () => {
  await using other = await startDemo();
  const exited = once(other.process, 'exit');
  other.process.kill('SIGTERM');
  const [code] = await exited;
  expect(code).toBe(0);
  await expect(fetch(other.url)).rejects.toThrow('fetch failed');
});
