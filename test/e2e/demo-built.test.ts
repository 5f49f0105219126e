import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  answer,
  answerOf,
  callCards,
  complaintsOf,
  inspect,
  say,
  startTask,
  waitForPage,
  waitForStatus,
} from '../support/demo-page.ts';
import { startBuiltDemo } from '../support/demo-server.ts';
import { useDemo } from '../support/use-demo.ts';

const visit = useDemo(() => startBuiltDemo({ LONGHAUL_DEMO_PACE: '0.03' }));

async function seriousViolations(page: Page): Promise<readonly string[]> {
  // The page has no frames. Without the legacy mode each analysis opens a second page to join the results of frames.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

test('the first load is at most 207 kB with gzip', async () => {
  const { context, url } = await visit();
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  // A headless browser may have its pointer over the page, which then loads the parts of a run.
  await page.addInitScript(() =>
    addEventListener('pointerover', (event) => event.stopImmediatePropagation(), { capture: true }),
  );
  await page.goto(url);
  await waitForPage(page);
  await page.waitForLoadState('networkidle');
  const paths = await page.evaluate(() =>
    performance
      .getEntries()
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .map((entry) => new URL(entry.name).pathname),
  );
  const sizes = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const { headers } = await fetch(url + path, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
      return [path, Number(headers.get('content-length') ?? 0)] as const;
    }),
  );
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  // At least the document, the script and the styles were measured.
  expect(sizes.filter(([, size]) => size > 0).length).toBeGreaterThan(2);
  expect(bytes, JSON.stringify(sizes)).toBeLessThanOrEqual(207_000);
  expect(complaints.join('\n')).toBe('');
});

test('workers, WebAssembly, charts and Markdown work with the strict content security policy', async () => {
  const { page, complaints, url } = await visit();
  const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain("'unsafe-eval'");
  await startTask(page, 'Is Seattle really rainier');
  await waitForStatus(page, 'Done');
  expect(await callCards(page, 'Done').count()).toBe(5);
  expect(await answer(page).getByRole('table').count()).toBe(1);
  expect(complaints.join('\n')).toBe('');
});

test('files with a hash in their name are cached for a year, and the page is requested again', async () => {
  const { page, url } = await visit();
  const script = await page.locator('script[type="module"]').getAttribute('src');
  const asset = await fetch(url + script, { headers: { 'accept-encoding': 'gzip' } });
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-encoding')).toBe('gzip');
  const home = await fetch(url);
  expect(home.headers.get('cache-control')).toBe('no-cache');
  const again = await fetch(url, { headers: { 'if-none-match': home.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect((await fetch(`${url}/runs/some-run`)).headers.get('content-type')).toContain('text/html');
  expect((await fetch(`${url}/server/threads/some-thread`)).status).toBe(200);
  expect((await fetch(`${url}/assets/missing.js`)).status).toBe(404);
});

/** Each colour scheme and each width once. An analysis takes two seconds. */
const looks = [
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

/** Analyses the page in every look, and checks that it does not scroll horizontally. */
async function expectAccessible(page: Page): Promise<void> {
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    // Parts of the page follow the new look and width a moment later.
    const name = `${colorScheme}, ${viewport.width} pixels wide`;
    await expect.poll(() => seriousViolations(page), { message: name }).toEqual([]);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(overflow, { message: name }).toBe(0);
  }
}

test('axe finds no serious violations, in light and dark and on a narrow page', async () => {
  const { page } = await visit();
  await expectAccessible(page);
  await startTask(page, 'Find a record');
  await waitForStatus(page, 'Waiting for you');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Approve' }).click();
  await waitForStatus(page, 'Done');
  for (const tab of ['Timeline', 'Requests', 'Faults'] as const) {
    await inspect(page, tab);
    await expectAccessible(page);
  }
});

test('the keyboard can start a task, and move through the timeline and its details', async () => {
  const { page } = await visit();
  await page.getByLabel('Your message').focus();
  await page.keyboard.type('6 * 7');
  await page.keyboard.press('Enter');
  await waitForStatus(page, 'Done');
  await page.getByRole('tab', { name: 'Timeline' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Requests', selected: true }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('tab', { name: 'Timeline', selected: true }).waitFor();
  const bar = page.getByRole('group', { name: 'Timeline' }).locator('[tabindex="0"]');
  await bar.focus();
  await page.keyboard.press('Home');
  const first = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(first).toBe('Iteration 1: queued');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).not.toBe(first);
  await page.getByText('Duration', { exact: true }).waitFor();
});

test('an unknown URL and a run or a conversation of another browser show a notice with links', async () => {
  const { page, url } = await visit();
  const nowhere = await page.goto(`${url}/nowhere`);
  expect(nowhere?.status()).toBe(404);
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  await page.goto(`${url}/runs/run_of_another_browser`);
  await page.getByRole('heading', { name: 'This run is not in this browser' }).waitFor();
  await page.goto(`${url}/threads/thread_of_another_browser`);
  await page.getByRole('heading', { name: 'This conversation is not in this browser' }).waitFor();
  await page.getByRole('link', { name: 'Start another conversation' }).click();
  await page.getByRole('heading', { name: 'Agent runs that finish.' }).waitFor();
});

test('a page without its server shows its saved runs, and a notice until the server responds', async () => {
  const { page } = await visit();
  await say(page, '6 * 7');
  await waitForStatus(page, 'Done');
  await page.route('**/api/config', (route) => route.abort());
  await page.reload();
  await page.getByText('The server is not responding.').waitFor();
  await waitForStatus(page, 'Done');
  expect(await answerOf(page)).toContain('6 * 7 = 42');
  await page.unroute('**/api/config');
  await page.getByText('The server is not responding.').waitFor({ state: 'hidden' });
});
