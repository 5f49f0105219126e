import { join } from 'node:path';
import { resultsFolder } from './places.ts';

/**
 * The tests run as two parallel tasks. The tests of the demo mostly wait for a browser and a simulated model, so the
 * other tests can use the processor.
 */
export interface Suite {
  /** The turbo task that runs it. */
  readonly task: string;
  /** Arguments that select its vitest projects. */
  readonly projects: readonly string[];
  /** Test files that need a browser. */
  readonly browserFiles: string;
  /** Test files that need PostgreSQL. */
  readonly postgresFiles: string;
  /** False if every test needs a browser. */
  readonly runsWithoutBrowser: boolean;
  /** The file of vitest's JSON report. */
  readonly report: string;
  /** The file with the names of the test files that were skipped, because no browser or no PostgreSQL is there. */
  readonly skippedFiles: string;
}

export const suites: { readonly unit: Suite; readonly e2e: Suite } = {
  unit: {
    task: '//#check:test',
    projects: ['--project=!e2e'],
    browserFiles: 'packages/*/src/**/*.browser.test.{ts,tsx}',
    postgresFiles: '{packages/core/src,packages/core/test,test/!(e2e)}/**/*.postgres.test.ts',
    runsWithoutBrowser: true,
    report: join(resultsFolder, 'vitest.json'),
    skippedFiles: join(resultsFolder, 'skipped-files.json'),
  },
  e2e: {
    task: '//#check:e2e',
    projects: ['--project=e2e'],
    browserFiles: 'test/e2e/**/*.test.ts',
    postgresFiles: 'test/e2e/**/*.postgres.test.ts',
    runsWithoutBrowser: false,
    report: join(resultsFolder, 'vitest-e2e.json'),
    skippedFiles: join(resultsFolder, 'skipped-e2e-files.json'),
  },
};
