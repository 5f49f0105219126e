import type { DemoPart, DemoView } from '../run/demo-call.ts';

/**
 * The runs of a turn, oldest first: the run with the question, and its retries. A retry has no input of its own.
 *
 * @param newest The newest run of the turn
 * @param viewOf Returns a run that is loaded
 */
export function runsOfTurn(
  newest: DemoView,
  viewOf: (runId: string) => DemoView | undefined,
): readonly DemoView[] {
  const runs = [newest];
  let first = newest;
  while (first.input.length === 0 && first.continues !== undefined) {
    const before = viewOf(first.continues);
    if (before === undefined || runs.includes(before)) break;
    runs.unshift(before);
    first = before;
  }
  return runs;
}

/** The parts of one run of a turn. The keys of the parts of a retry begin with its id, and those of the first run do not. */
export function partsOfRun(
  parts: readonly DemoPart[],
  runIds: readonly string[],
  runId: string,
): readonly DemoPart[] {
  const retries = runIds.slice(1);
  return parts.filter(({ key }) => (retries.find((id) => key.startsWith(`${id}/`)) ?? runIds[0]) === runId);
}
