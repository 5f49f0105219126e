import { createEmulator, type Emulator } from '@longhaul/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { openWindow, type Tab, type WindowOfTabs } from '../support/window-of-tabs.ts';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { slowness } from '../support/machine.ts';

const folder = new URL('../support/patient-page/', import.meta.url);
const soon = { timeout: untilTestEnds, interval: 50 };

const textOf = (tab: Tab, role: string): Promise<unknown> =>
  tab.evaluate(`document.querySelector('[role=${role}]')?.textContent`);

let window: WindowOfTabs;
beforeAll(async () => {
  window = await openWindow();
});
afterAll(() => window[Symbol.asyncDispose]());

/** Opens a tab with an active run. */
async function openRun(query: string, runMs: number): Promise<{ emulator: Emulator; tab: Tab }> {
  const emulator = createEmulator({ script: [{ text: 'It will rain.', queuedMs: 0, runMs }] });
  const served = await servePage(folder, (request) => emulator.fetch(request));
  onTestFinished(() => served[Symbol.asyncDispose]());
  const tab = await window.open(`${served.url}?${query}`);
  await vi.waitFor(async () => expect(await textOf(tab, 'status')).toBe('idle'), soon);
  await tab.evaluate(`document.querySelector('button').click()`);
  await vi.waitFor(async () => expect(await textOf(tab, 'status')).toBe('in_progress'), soon);
  return { emulator, tab };
}

/** Hides the tab behind a new tab. */
async function hide(tab: Tab): Promise<void> {
  await (await window.open('about:blank')).show();
  await vi.waitFor(async () => expect(await tab.evaluate('document.visibilityState')).toBe('hidden'), soon);
}

test.each(['poll', 'stream'])('a hidden tab completes its run, mode %s', async (mode) => {
  const { emulator, tab } = await openRun(`mode=${mode}`, 2_000);
  await hide(tab);
  await vi.waitFor(async () => expect(await textOf(tab, 'status')).toBe('completed'), soon);
  expect(await textOf(tab, 'log')).toBe('It will rain.');
  expect(await tab.evaluate('document.visibilityState')).toBe('hidden');
  expect(emulator.generations).toBe(1);
});

test('a hidden and frozen tab catches up immediately when it becomes visible', async () => {
  // Without the wake-up, the tab would poll after an hour.
  const { emulator, tab } = await openRun('mode=poll&pollMs=3600000', 4_000);
  await hide(tab);
  await tab.setFrozen(true);
  expect(await textOf(tab, 'status')).toBe('in_progress');
  const before = emulator.requests.length;
  const over = (emulator.requests[0]?.at ?? 0) + 4_000;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(over), soon);
  expect(emulator.requests).toHaveLength(before);

  await tab.setFrozen(false);
  await tab.show();
  await vi.waitFor(async () => expect(await textOf(tab, 'log')).toBe('It will rain.'), {
    timeout: 5_000 * slowness,
    interval: 50,
  });
  expect(emulator.requests).toHaveLength(before + 1);
});
