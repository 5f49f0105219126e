import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';

/** A browser of its own, closed at the end of the block. */
export async function launchBrowser(): Promise<Browser & AsyncDisposable> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine; set CHROME_PATH.');
  return await chromium.launch({ executablePath, args: [...chromiumFlags] });
}

/** What a page complained about from now on: console errors and warnings, and exceptions that nobody caught. */
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

/** Starts one of the tasks of the left column. */
export async function startTask(page: Page, title: string): Promise<void> {
  await page.getByRole('region', { name: 'Start a task' }).getByRole('button', { name: title }).click();
}

/** Waits until the run that is shown has this status, in the page's words. */
export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Where the run is' })
    .getByRole('status')
    .filter({ hasText: status })
    .waitFor();
}

/** The cards of the calls that stand like this: `Done`, `Failed`, `Running`, … */
export function callCards(page: Page, status: string): Locator {
  return page.getByRole('article', { name: new RegExp(`: ${status}$`) });
}

/** Opens a tab of the inspector. */
export async function inspect(page: Page, tab: 'Timeline' | 'Requests' | 'Make trouble'): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
}

/** Asks for a trouble in the trouble panel. */
export async function makeTrouble(page: Page, title: string): Promise<void> {
  await inspect(page, 'Make trouble');
  await page.getByRole('button', { name: title }).click();
}
