import type { ThreadRun } from '@longhaul/core';

/**
 * One version of a turn: a run with input, and the runs that retried it. A question that was edited, or an answer that
 * was made again, has several versions.
 */
export interface TurnVersion {
  /** The newest run of the version. */
  readonly runId: string;
  /** The runs of the version, oldest first. */
  readonly runs: readonly ThreadRun[];
  /** The run that the version continues. Undefined for a first turn, and if that run is not known. */
  readonly continues: string | undefined;
  readonly createdAt: number;
}

/** A turn of the shown path, with the other versions of it. */
export interface PathTurn {
  readonly version: TurnVersion;
  /** The ids of all versions, oldest first. */
  readonly siblings: readonly string[];
  /** The position of the shown version in `siblings`. */
  readonly index: number;
}

/** The run that others continue. Null: the beginning of the thread. */
type Place = string | null;

/** The versions of a thread's turns, by the run that they continue. */
export interface ThreadTree {
  readonly versions: ReadonlyMap<string, TurnVersion>;
  readonly byPlace: ReadonlyMap<Place, readonly TurnVersion[]>;
}

function byAge(a: ThreadRun, b: ThreadRun): number {
  return a.createdAt - b.createdAt || (a.runId < b.runId ? -1 : 1);
}

/** The runs by the run that they continue. A run whose predecessor is not known is a first run. */
function childrenOf(runs: readonly ThreadRun[]): ReadonlyMap<Place, readonly ThreadRun[]> {
  const known = new Map(runs.map((run) => [run.runId, run]));
  const children = new Map<Place, ThreadRun[]>();
  const placed = new Set<string>();
  for (const start of known.values()) {
    const seen = new Set<string>();
    for (let run: ThreadRun | undefined = start; run !== undefined && !placed.has(run.runId); ) {
      placed.add(run.runId);
      seen.add(run.runId);
      const before: ThreadRun | undefined = known.get(run.continues ?? '');
      // Only a damaged store has runs that continue each other in a circle.
      const place = before === undefined || seen.has(before.runId) ? null : before.runId;
      children.set(place, [...(children.get(place) ?? []), run]);
      run = before;
    }
  }
  return children;
}

/**
 * The runs as versions of turns. A run that retries another one is a part of its version. If a run was retried and was
 * also continued by a new turn, there is one version with the retry, and one without it.
 */
export function threadTree(runs: readonly ThreadRun[]): ThreadTree {
  const children = childrenOf(runs);
  const versions = new Map<string, TurnVersion>();
  const byPlace = new Map<Place, TurnVersion[]>();

  /** Adds the version that ends with the last of these runs, and the versions that retry it. */
  function add(chain: readonly ThreadRun[], last: ThreadRun, place: Place): void {
    const next = (children.get(last.runId) ?? []).toSorted(byAge);
    const retries = next.filter(({ isRetry }) => isRetry === true);
    if (retries.length < next.length || retries.length === 0) {
      const { runId, createdAt } = last;
      const continues = place ?? undefined;
      const version = { runId, runs: chain, continues, createdAt };
      versions.set(runId, version);
      byPlace.set(place, [...(byPlace.get(place) ?? []), version]);
    }
    for (const retry of retries) add([...chain, retry], retry, place);
  }

  for (const [place, started] of children)
    for (const run of started) if (place === null || run.isRetry !== true) add([run], run, place);
  for (const list of byPlace.values())
    list.sort((a, b) => a.createdAt - b.createdAt || (a.runId < b.runId ? -1 : 1));
  return { versions, byPlace };
}

/** The version without a next turn, below this place, whose newest run is the newest. */
function newestLeaf({ byPlace }: ThreadTree, from: readonly TurnVersion[]): TurnVersion | undefined {
  let newest: TurnVersion | undefined;
  const open = [...from];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const next = byPlace.get(one.runId) ?? [];
    open.push(...next);
    const isNewer =
      newest === undefined ||
      one.createdAt > newest.createdAt ||
      (one.createdAt === newest.createdAt && one.runId > newest.runId);
    if (next.length === 0 && isNewer) newest = one;
  }
  return newest;
}

/** The version that contains this run. If a run is in several versions, the newest of them. */
function versionOf({ versions }: ThreadTree, runId: string): TurnVersion | undefined {
  return (
    versions.get(runId) ??
    [...versions.values()]
      .filter(({ runs }) => runs.some((run) => run.runId === runId))
      .toSorted((a, b) => b.createdAt - a.createdAt)[0]
  );
}

/**
 * The turns from the first one to the newest leaf below the version with the id `shown`. Without a known `shown`, to the
 * newest leaf of the thread.
 */
export function pathOf(tree: ThreadTree, shown: string | undefined): readonly PathTurn[] {
  const { versions, byPlace } = tree;
  const chosen = shown === undefined ? undefined : versionOf(tree, shown);
  let version = chosen === undefined ? newestLeaf(tree, byPlace.get(null) ?? []) : newestLeaf(tree, [chosen]);
  const path: PathTurn[] = [];
  while (version !== undefined) {
    const { continues, runId } = version;
    const siblings = (byPlace.get(continues ?? null) ?? []).map((one) => one.runId);
    path.push({ version, siblings, index: siblings.indexOf(runId) });
    version = continues === undefined ? undefined : versions.get(continues);
  }
  return path.toReversed();
}
