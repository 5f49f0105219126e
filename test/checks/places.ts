import { join, resolve } from 'node:path';

export const repositoryRoot: string = resolve(import.meta.dirname, '../..');

/** The folder for the results of the checks. It is not under version control. */
export const resultsFolder: string = join(repositoryRoot, 'test/results');
export const summaryFile: string = join(resultsFolder, 'summary.txt');

/** The output folder of `turbo run --summarize`. */
export const turboRuns: string = join(repositoryRoot, '.turbo/runs');
