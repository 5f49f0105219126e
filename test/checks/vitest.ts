/** All vitest projects once, with a JSON report for the counts. Without a browser, its tests count as skipped. */
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { findChromium } from '../support/chromium.ts';
import { repositoryRoot, resultsFolder, skippedBrowserFiles, vitestReport } from './places.ts';
import { runTool } from './run-tool.ts';

mkdirSync(resultsFolder, { recursive: true });

let browserMissing = false;
if (findChromium() === undefined) {
  const files = globSync(['packages/*/src/**/*.browser.test.{ts,tsx}', 'test/e2e/**/*.test.ts'], {
    cwd: repositoryRoot,
  });
  writeFileSync(skippedBrowserFiles, JSON.stringify(files));
  console.log(
    `No Chromium found, so ${files.length} browser test files are skipped: apt-get install chromium, or set CHROME_PATH.`,
  );
  browserMissing = process.env['CI'] === 'true';
}

const code = await runTool('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
]);
process.exitCode = code === 0 && browserMissing ? 1 : code;
