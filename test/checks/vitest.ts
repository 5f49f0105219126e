/**
 * Runs one suite (`unit` or `e2e`), with a JSON report for the counts. If no browser is installed, the tests that need
 * a browser count as skipped, and the check fails in CI. Tests that need PostgreSQL count as skipped if there is none.
 */
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { findChromium } from '../support/chromium.ts';
import { hasPostgres } from '../support/postgres/programs.ts';
import { repositoryRoot, resultsFolder } from './places.ts';
import { runTool } from './run-tool.ts';
import { suites } from './suites.ts';

const suite = process.argv[2] === 'e2e' ? suites.e2e : suites.unit;
mkdirSync(resultsFolder, { recursive: true });

// A test file may need a browser and PostgreSQL.
const skipped = new Set<string>();

/** Counts test files as skipped. */
function skip(pattern: string, why: (files: number) => string): void {
  const files = globSync(pattern, { cwd: repositoryRoot });
  for (const file of files) skipped.add(file);
  if (files.length > 0) console.log(why(files.length));
}

const hasBrowser = findChromium() !== undefined;
if (!hasBrowser) {
  skip(
    suite.browserFiles,
    (files) =>
      `No Chromium found, so ${files} browser test files are skipped: apt-get install chromium, or set CHROME_PATH.`,
  );
}
if (!hasPostgres()) {
  skip(
    suite.postgresFiles,
    (files) =>
      `No PostgreSQL for this platform, so ${files} test files are skipped: set LONGHAUL_POSTGRES_URL to a database for tests.`,
  );
}
if (skipped.size > 0) writeFileSync(suite.skippedFiles, JSON.stringify([...skipped]));

// Many processes and threads of the tests load the same sources. Node keeps the compiled sources in this folder.
process.env['NODE_COMPILE_CACHE'] ??= join(resultsFolder, 'compiled');

const code =
  hasBrowser || suite.runsWithoutBrowser
    ? await runTool('vitest', [
        'run',
        ...suite.projects,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${suite.report}`,
      ])
    : 0;
process.exitCode = code === 0 && !hasBrowser && process.env['CI'] === 'true' ? 1 : code;
