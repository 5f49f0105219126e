/**
 * `npm test`: every check, through turbo. All run even if one fails; the last line counts.
 *
 * A vitest test counts as what it is; any other check (types, lint, format, build, publint, …) counts only when it
 * fails, as one failure.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { countVitest } from './count-vitest.ts';
import { repositoryRoot, resultsFolder, summaryFile } from './places.ts';
import { runTool } from './run-tool.ts';
import { failedTasks } from './turbo-summary.ts';

const tasks = [
  'check:test',
  'check:types',
  'check:lint',
  'check:format',
  'build',
  'check:publint',
  'check:attw',
  'check:size',
  'check:node-imports',
  'check:knip',
  'check:sherif',
];
const testTask = '//#check:test';
const turboRuns = join(repositoryRoot, '.turbo', 'runs');

rmSync(resultsFolder, { recursive: true, force: true });
rmSync(turboRuns, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });

const turboCode = await runTool('turbo', [
  'run',
  ...tasks,
  '--continue=dependencies-successful',
  '--summarize',
  // Cached output of a check that passed tells nothing.
  '--output-logs=new-only',
  '--log-order=grouped',
  '--concurrency=3',
]);

const failed = failedTasks(readSummaries());
const tests = countVitest();
const failedChecks = failed.filter((task) => task !== testTask);

// A test run can fail without a failed test: a file that does not load, an unhandled rejection, a missing browser,
// a run that was stopped before it wrote its report.
const testRunFailed = tests.failed === 0 && (failed.includes(testTask) || tests.passed === 0);
// Turbo itself may fail (its configuration, a signal) without any task to blame.
const turboFailed = turboCode !== 0 && failed.length === 0;

const failures = [...failedChecks, ...(testRunFailed ? [testTask] : []), ...(turboFailed ? ['turbo'] : [])];
const totalFailed = tests.failed + failures.length;
for (const check of failures) console.log(`FAILED ${check.replace('//#', '')}`);

const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
const line = `${tests.passed} passed, ${totalFailed} failed${skipped}`;
writeFileSync(summaryFile, `${line}\n`);
console.log(line);
process.exitCode = totalFailed === 0 && turboCode === 0 ? 0 : 1;

function readSummaries(): unknown[] {
  try {
    return readdirSync(turboRuns).map((file) => JSON.parse(readFileSync(join(turboRuns, file), 'utf8')));
  } catch {
    return [];
  }
}
