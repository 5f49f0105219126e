import { join } from 'node:path';
import { resultsFolder } from './places.ts';

/**
 * The tests run as two tasks beside each other: those of the demo mostly wait for a browser and a simulated model,
 * and leave the processor to the others meanwhile.
 */
export interface Suite {
  /** The turbo task that runs it. */
  readonly task: string;
  /** Arguments that choose its vitest projects. */
  readonly projects: readonly string[];
  /** Test files that need a browser. */
  readonly browserFiles: string;
  /** False where every test needs one. */
  readonly runsWithoutBrowser: boolean;
  /** Where vitest writes its JSON report. */
  readonly report: string;
  /** Where the names of the files are written that did not run because no browser is installed. */
  readonly skippedFiles: string;
}

export const suites: { readonly unit: Suite; readonly e2e: Suite } = {
  unit: {
    task: '//#check:test',
    projects: ['--project=!e2e'],
    browserFiles: 'packages/*/src/**/*.browser.test.{ts,tsx}',
    runsWithoutBrowser: true,
    report: join(resultsFolder, 'vitest.json'),
    skippedFiles: join(resultsFolder, 'skipped-browser-files.json'),
  },
  e2e: {
    task: '//#check:e2e',
    projects: ['--project=e2e'],
    browserFiles: 'test/e2e/**/*.test.ts',
    runsWithoutBrowser: false,
    report: join(resultsFolder, 'vitest-e2e.json'),
    skippedFiles: join(resultsFolder, 'skipped-e2e-files.json'),
  },
};
