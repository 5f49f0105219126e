import { delimiter, dirname } from 'node:path';
import process from 'node:process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findChromium, findHeadlessChromium } from './chromium.ts';

function folderWith(name: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-chromium-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), '');
  chmodSync(join(folder, name), mode);
  return folder;
}

test('finds a browser on the PATH', () => {
  const folder = folderWith('google-chrome', 0o755);
  const path = ['', '/nowhere', folder].join(delimiter);
  expect(findChromium({ PATH: path })).toBe(join(folder, 'google-chrome'));
});

test('uses CHROME_PATH before the PATH, and no other browser if CHROME_PATH is wrong', () => {
  const folder = folderWith('chromium', 0o755);
  expect(findChromium({ PATH: folder, CHROME_PATH: process.execPath })).toBe(process.execPath);
  expect(findChromium({ PATH: folder, CHROME_PATH: join(dirname(folder), 'nowhere') })).toBeUndefined();
});

test('prefers the headless shell for tests without windows, but never to CHROME_PATH', () => {
  const browser = folderWith('chromium', 0o755);
  const shell = folderWith('chromium-headless-shell', 0o755);
  const path = [browser, shell].join(delimiter);
  expect(findHeadlessChromium({ PATH: path })).toBe(join(shell, 'chromium-headless-shell'));
  expect(findHeadlessChromium({ PATH: browser })).toBe(join(browser, 'chromium'));
  expect(findHeadlessChromium({ PATH: path, CHROME_PATH: process.execPath })).toBe(process.execPath);
  expect(findChromium({ PATH: shell })).toBeUndefined();
});
