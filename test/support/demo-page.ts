import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';

/** A browser of its own, closed at the end of the block. */
export async function launchBrowser(): Promise<Browser & AsyncDisposable> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine; set CHROME_PATH.');
  return await chromium.launch({ executablePath, args: [...chromiumFlags] });
}

/** What a page complained about: console errors and exceptions that nobody caught. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
  return complaints;
}

/** A fresh page on the demo, in a profile of its own. */
export async function openDemoPage(
  browser: Browser,
  url: string,
): Promise<{
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
}> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(url);
  await page.getByRole('heading', { name: 'Start a task' }).waitFor();
  return { page, context, complaints };
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
