import { join, resolve } from 'node:path';

export const repositoryRoot: string = resolve(import.meta.dirname, '../..');

/** What a run leaves behind; not under version control. */
export const resultsFolder: string = join(repositoryRoot, 'test/results');
export const summaryFile: string = join(resultsFolder, 'summary.txt');

/** Where `turbo run --summarize` writes. */
export const turboRuns: string = join(repositoryRoot, '.turbo/runs');
