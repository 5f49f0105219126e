/**
 * Compares the built public types with the reports in `packages/…/api`, which reviewers read. With `--update`, it
 * writes the reports.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { apiReports } from './api-report.ts';
import { extractApi } from './extract-api.ts';
import { repositoryRoot, resultsFolder } from './places.ts';

const update = process.argv.includes('--update');

for (const name of ['core', 'react']) {
  const committed = `packages/${name}/api`;
  const built = join(resultsFolder, 'api', name);
  const target = update ? join(repositoryRoot, committed) : built;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const { file, text } of apiReports(extractApi(join(repositoryRoot, 'packages', name)))) {
    writeFileSync(join(target, file), text);
  }
  if (!update && differ(committed, built)) process.exitCode = 1;
}
if (process.exitCode === 1) {
  console.error(
    'The public types differ from the reports. If you meant to change them, run `npm run api:update` and commit the reports.',
  );
}

/** Whether two folders differ. Prints the differences. */
function differ(committed: string, built: string): boolean {
  const { status } = spawnSync('git', ['--no-pager', 'diff', '--no-index', committed, built], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  });
  return status !== 0;
}
