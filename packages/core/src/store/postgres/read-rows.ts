import type { RunHead, RunSnapshot } from '../run-store.ts';
import { listedHead } from '../listed-head.ts';
import { runOfTexts } from '../run-of-texts.ts';
import { numberOf, optionalNumberOf, optionalTextOf, rawTextOf, textOf, type Row } from './row.ts';

/** Creates a run from the row of its head, followed by the rows of its items. */
export function storedRun(runId: string, rows: readonly Row[]): RunSnapshot | undefined {
  const [first] = rows;
  // Without a head, the other rows belong to no run.
  if (first === undefined || numberOf(first, 'place') !== -1) return undefined;
  const run = runOfTexts(
    runId,
    rows.map((row) => rawTextOf(row, 'json')),
  );
  return run && { ...run, head: withHalt(run.head, first) };
}

/** Reads a head for a list. */
export function listedRun(row: Row): RunHead {
  const head = listedHead({
    runId: textOf(row, 'run_id'),
    agent: textOf(row, 'agent'),
    owner: optionalTextOf(row, 'owner'),
    threadId: textOf(row, 'thread_id'),
    status: textOf(row, 'status'),
    createdAt: numberOf(row, 'created'),
    revision: numberOf(row, 'revision'),
    commitId: textOf(row, 'commit_id'),
    head: rawTextOf(row, 'head'),
  });
  return withHalt(head, row);
}

/** Adds why a run is halted, which is in columns because no commit of the run says it. */
function withHalt(head: RunHead, row: Row): RunHead {
  const since = optionalNumberOf(row, 'halted_since');
  if (since === undefined) return head;
  return { ...head, halted: { reason: optionalTextOf(row, 'halted_reason') ?? '', since } };
}
