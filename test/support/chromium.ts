import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/**
 * Flags for a container without a GPU and without user namespaces. They also disable the browser's background traffic,
 * and the second, optimizing compilation of WebAssembly, which each test would repeat.
 */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--js-flags=--liftoff-only',
];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Finds the installed browser: `CHROME_PATH`, otherwise the first Chromium or Chrome on the `PATH` or in the
 * applications of macOS.
 *
 * @example
 * const executablePath = findChromium();
 * if (executablePath) spawn(executablePath, [...chromiumFlags, '--headless=new']);
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = env['CHROME_PATH'];
  const candidates = given ? [given] : [...onPath(names, env), ...macApplications];
  return candidates.find(isExecutable);
}

/**
 * Finds the browser for tests that need no windows and no hidden tabs. Chromium's headless shell uses a quarter less CPU
 * time. If the shell is not installed, the result is that of {@link findChromium}.
 */
export function findHeadlessChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const shells = env['CHROME_PATH'] ? [] : onPath(['chromium-headless-shell'], env);
  return shells.find(isExecutable) ?? findChromium(env);
}

function onPath(programs: readonly string[], env: NodeJS.ProcessEnv): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
