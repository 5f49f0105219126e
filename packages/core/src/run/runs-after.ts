/** The fields of a run that place it in its conversation. */
interface PlacedRun {
  readonly runId: string;
  readonly continues?: string | undefined;
}

/**
 * The runs that continue a run, the runs that continue those, and so on. Each comes after the run that it continues.
 * Ends for damaged conversations too: each run occurs once, and the run itself does not occur, even if runs continue
 * each other.
 *
 * @param runs The runs of the conversation
 */
export function runsAfter<Placed extends PlacedRun>(
  runId: string,
  runs: readonly Placed[],
): readonly Placed[] {
  const successors = Map.groupBy(runs, ({ continues }) => continues);
  const seen = new Set([runId]);
  const after: Placed[] = [];
  const add = (continued: string): void => {
    for (const run of successors.get(continued) ?? []) {
      if (seen.has(run.runId)) continue;
      seen.add(run.runId);
      after.push(run);
    }
  };
  add(runId);
  // The list grows while it is read.
  for (const run of after) add(run.runId);
  return after;
}
