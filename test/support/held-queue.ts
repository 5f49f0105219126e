import type { Page } from 'playwright-core';
import { startTask, waitForStatus } from './demo-page.ts';

/** Turns a fault of the demo on or off, with the request of the page's fault panel. */
export async function switchFault(url: string, name: string, on: boolean): Promise<void> {
  const response = await fetch(new URL('/emulator/faults', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, on }),
  });
  if (!response.ok) throw new Error(`The demo answered ${response.status} to the fault ${name}.`);
}

/** Starts a task whose first response stays queued until {@link releaseQueue}, so that a slow page has time to act. */
export async function startHeld(page: Page, title: string): Promise<void> {
  await switchFault(page.url(), 'hold-queue', true);
  await startTask(page, title);
  await waitForStatus(page, 'Queued');
}

export async function releaseQueue(page: Page): Promise<void> {
  await switchFault(page.url(), 'hold-queue', false);
}
