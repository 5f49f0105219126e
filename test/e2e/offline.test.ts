import { createEmulator, type Emulator, type EmulatorOptions } from '@longhaul/core/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { launchBrowser } from '../support/demo-page.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { slowness } from '../support/machine.ts';

const folder = new URL('../support/patient-page/', import.meta.url);

interface Opened {
  readonly emulator: Emulator;
  readonly served: ServedPage;
  readonly context: BrowserContext;
  readonly page: Page;
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function open(query: string, script: EmulatorOptions['script']): Promise<Opened> {
  const emulator = createEmulator({ script });
  const served = await servePage(folder, (request) => emulator.fetch(request));
  const context = await browser.newContext();
  onTestFinished(async () => {
    await context.close();
    await served[Symbol.asyncDispose]();
  });
  const page = await context.newPage();
  await page.goto(`${served.url}?${query}`);
  return { emulator, served, context, page };
}

const creates = ({ requests }: Emulator): number => requests.filter(({ method }) => method === 'POST').length;

describe('a page without network', () => {
  test.each(['poll', 'stream'] as const)(
    'shows the error while its run waits, mode %s, and continues immediately when the network is back',
    async (mode) => {
      const { emulator, served, context, page } = await open(`mode=${mode}&pollMs=5000`, [
        { text: 'It will rain.', queuedMs: 0, runMs: 2_000 },
      ]);
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByRole('status').filter({ hasText: 'in_progress' }).waitFor();
      await context.setOffline(true);
      // Open connections survive Chromium's switch, but not the loss of a network.
      served.hangUp();
      await page.getByRole('alert').filter({ hasText: 'connection' }).waitFor();
      await page.waitForFunction(() => Number(document.querySelector('time')?.textContent) > 3_500);

      await context.setOffline(false);
      await page.getByText('It will rain.').waitFor({ timeout: 2_500 * slowness });
      await page.getByRole('status').filter({ hasText: 'completed' }).waitFor();
      expect(await page.getByRole('alert').innerText()).toBe('');
      expect(creates(emulator)).toBe(1);
    },
  );

  test('starts a run as soon as the network is back, with one create', async () => {
    const { emulator, context, page } = await open('mode=poll', [{ text: 'It will rain.', queuedMs: 0 }]);
    let failed = 0;
    page.on('requestfailed', () => (failed += 1));
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Ask' }).click();
    await vi.waitFor(() => expect(failed).toBe(4), { timeout: untilTestEnds });

    await context.setOffline(false);
    await page.getByText('It will rain.').waitFor({ timeout: 3_000 * slowness });
    expect(creates(emulator)).toBe(1);
  });
});
