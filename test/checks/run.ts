/**
 * `npm test`: runs all checks with turbo. If a check fails, all checks that do not depend on it still run. The last
 * line has the counts.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { countVitest } from './count-vitest.ts';
import { resultsFolder, summaryFile, turboRuns } from './places.ts';
import { runTool } from './run-tool.ts';
import { suites } from './suites.ts';
import { failedTasks } from './turbo-summary.ts';
import { verdict } from './verdict.ts';

const tasks = [
  'check:test',
  'check:e2e',
  'check:types',
  'check:lint',
  'check:format',
  'check:prose',
  'build',
  'check:publint',
  'check:attw',
  'check:size',
  'check:node-imports',
  'check:api',
  'check:knip',
  'check:sherif',
];

for (const folder of [resultsFolder, turboRuns]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

// The end-to-end tests wait for the build of the page, and do not build it again.
process.env['LONGHAUL_DEMO_BUILT'] = '1';

const turboCode = await runTool('turbo', [
  'run',
  ...tasks,
  '--continue=dependencies-successful',
  '--summarize',
  // Do not repeat the output of a cached check that passed.
  '--output-logs=new-only',
  '--log-order=grouped',
  // The two suites and two short checks can run at the same time.
  '--concurrency=4',
]);

const testRuns = Object.values(suites).map(({ task, report, skippedFiles }) => {
  const counts = countVitest(readJson(report));
  const leftOut = readJson(skippedFiles);
  return { task, ...counts, skipped: counts.skipped + (Array.isArray(leftOut) ? leftOut.length : 0) };
});
const { failedChecks, passed, line } = verdict(
  testRuns,
  readdirSync(turboRuns).flatMap((file) => failedTasks(readJson(join(turboRuns, file)))),
  turboCode,
);
for (const check of failedChecks) console.log(`FAILED ${check.replace('//#', '')}`);
console.log(line);
writeFileSync(summaryFile, `${line}\n`);
process.exitCode = passed ? 0 : 1;

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The run ended before it wrote the file, or had no results.
    return undefined;
  }
  return JSON.parse(text);
}
