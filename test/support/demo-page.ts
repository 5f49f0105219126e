import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, findHeadlessChromium } from './chromium.ts';

/** Launches a browser that is closed at the end of the block. */
export async function launchBrowser(): Promise<Browser & AsyncDisposable> {
  const executablePath = findHeadlessChromium();
  if (executablePath === undefined) throw new Error('No Chromium found on this machine. Set CHROME_PATH.');
  return await chromium.launch({ executablePath, args: [...chromiumFlags] });
}

/** Collects the page's console errors, console warnings and uncaught exceptions from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return complaints;
}

export async function waitForPage(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Start a task' }).waitFor();
}

/** Starts the task with this title. */
export async function startTask(page: Page, title: string): Promise<void> {
  await page.getByRole('region', { name: 'Start a task' }).getByRole('button', { name: title }).click();
}

/** Chooses where the loop runs, as a visitor does. The page then shows the runs of that place. */
export async function chooseLoop(page: Page, place: 'In this page' | 'On the server'): Promise<void> {
  await page.getByRole('group', { name: 'Loop' }).getByRole('radio', { name: place }).check();
  await waitForPage(page);
}

/** Waits until the shown run has the status with this label. */
export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Run status' })
    .getByRole('status')
    .filter({ hasText: status })
    .waitFor();
}

/** The cards of the calls with this status: `Done`, `Failed`, `Running`, … */
export function callCards(page: Page, status: string): Locator {
  return page.getByRole('article', { name: new RegExp(`: ${status}$`) });
}

/** Opens a tab of the inspector. */
export async function inspect(page: Page, tab: 'Timeline' | 'Requests' | 'Faults'): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
}

/** Injects a fault with the panel of the inspector. */
export async function injectFault(page: Page, title: string): Promise<void> {
  await inspect(page, 'Faults');
  await page.getByRole('button', { name: title }).click();
}
