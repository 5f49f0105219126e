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

/** Whether a message in the console of a browser is about a lost connection. */
export function isNetworkNoise(complaint: string): boolean {
  return /Failed to load resource|net::ERR|^remoteRunner: \d+ requests to \/api\/longhaul had no answer/.test(
    complaint,
  );
}

export async function waitForPage(page: Page): Promise<void> {
  await page.getByRole('banner').waitFor();
  await page.getByRole('main').waitFor();
}

/** Starts the task with this title, in a new conversation. */
export async function startTask(page: Page, title: string): Promise<void> {
  const tasks = page.getByRole('region', { name: 'Start a task' });
  if (!(await tasks.isVisible())) await page.getByRole('link', { name: /^New/ }).click();
  await tasks.getByRole('button', { name: title }).click();
}

/** Sends a message: the first one of a conversation, or the next one. */
export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Your message');
  await field.fill(text);
  await field.press('Enter');
}

/** The turn at this position of the shown conversation, from 1. */
export function turn(page: Page, position: number): Locator {
  return page.getByRole('article', { name: `Turn ${position}`, exact: true });
}

/** The answer of the last turn, or of the turn at this position. */
export function answer(page: Page, position?: number): Locator {
  return (position === undefined ? page : turn(page, position)).getByTestId('answer').last();
}

export async function answerOf(page: Page, position?: number): Promise<string> {
  return await answer(page, position).innerText();
}

/** Chooses where the loop runs, as a visitor does. The page then shows the conversations of that place. */
export async function chooseLoop(page: Page, place: 'In this page' | 'On the server'): Promise<void> {
  await page.getByRole('group', { name: 'Loop' }).getByRole('radio', { name: place }).check();
  await page.getByRole('region', { name: 'Start a task' }).waitFor();
}

/** Waits until the last turn of the shown conversation has the status with this label. */
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

/** Opens a tab of the inspector. On a narrow page, the inspector is a drawer. */
export async function inspect(page: Page, name: 'Timeline' | 'Requests' | 'Faults'): Promise<void> {
  const tab = page.getByRole('tab', { name });
  const opener = page.getByRole('button', { name: 'Inspector', exact: true }).first();
  await tab.or(opener).first().waitFor();
  if (!(await tab.isVisible())) await opener.click();
  await tab.click();
}

/** Injects a fault with the panel of the inspector. */
export async function injectFault(page: Page, title: string): Promise<void> {
  await inspect(page, 'Faults');
  await page.getByRole('button', { name: title }).click();
}
