import { MoveGraph } from './move-graph.ts';

/** One event that may happen next. */
export interface Move<State> {
  readonly label: string;
  readonly next: State;
  /** The event need not happen: a crash, a new request of a user. */
  readonly optional: boolean;
  /** The event waits for time to pass, such as a regular look at the store. All other events happen before it. */
  readonly timed?: boolean;
}

export interface Space<State> {
  readonly initial: State;
  /** States with the same key are explored once. */
  key(state: State): string;
  moves(state: State): Iterable<Move<State>>;
  /** @returns the invariant that this state breaks, if it breaks one */
  violation(state: State): string | undefined;
  /** Whether nothing is left to do. Each state must lead to a settled state, even if nothing optional happens. */
  isSettled(state: State): boolean;
}

export interface Exploration {
  readonly states: number;
  readonly moves: number;
  /** The first violation, with the shortest trace to it. */
  readonly violation: string | undefined;
}

/** Visits every state that can be reached, breadth first, up to `limit` states. */
export function explore<State>(space: Space<State>, limit: number = Number.POSITIVE_INFINITY): Exploration {
  const ids = new Map<string, number>();
  const keys: string[] = [];
  const parents: number[] = [];
  const waiting: (State | undefined)[] = [];
  const settled: number[] = [];
  const graph = new MoveGraph();
  let moves = 0;

  function visit(state: State, parent: number): number {
    const key = space.key(state);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = keys.length;
    ids.set(key, id);
    keys.push(key);
    parents.push(parent);
    waiting.push(state);
    if (space.isSettled(state)) settled.push(id);
    return id;
  }

  function result(what?: string, at = 0): Exploration {
    const violation = what && [what, ...traceTo(space, keysTo(at, keys, parents))].join('\n');
    return { states: keys.length, moves, violation };
  }

  visit(space.initial, -1);
  for (let id = 0; id < keys.length; id += 1) {
    const state = waiting[id];
    if (state === undefined) continue;
    waiting[id] = undefined;
    const wrong = space.violation(state);
    if (wrong !== undefined) return result(wrong, id);
    if (keys.length > limit) return result(`there are more than ${limit} states`, id);
    const possible = [...space.moves(state)];
    const isQuiet = possible.every(({ optional, timed }) => optional || timed);
    moves += possible.length;
    for (const { label, next, optional, timed } of possible) {
      const to = visit(next, id);
      if (!optional) graph.add(id, to, label, timed === true && !isQuiet);
    }
  }
  const stuck = graph.reaching(settled, keys.length).indexOf(0);
  if (stuck !== -1) return result('O5, O6: from here the run never settles', stuck);
  const livelock = graph.livelock(settled, keys.length);
  if (livelock === undefined) return result();
  const { state, labels } = livelock;
  return result(`O13: from here these moves may repeat endlessly: ${labels.join('; ')}`, state);
}

/** The keys of the states on the path from the initial state, which is omitted, to this one. */
function keysTo(id: number, keys: readonly string[], parents: readonly number[]): string[] {
  const path: string[] = [];
  for (let at = id; at > 0; at = parents[at] ?? 0) path.unshift(keys[at] ?? '');
  return path;
}

/**
 * Finds the labels by repeating the moves, because two states with the same key may use different names for the same
 * process.
 */
function traceTo<State>(space: Space<State>, keys: readonly string[]): string[] {
  const trace: string[] = [];
  let state = space.initial;
  for (const key of keys) {
    for (const { label, next } of space.moves(state)) {
      if (space.key(next) !== key) continue;
      trace.push(`  ${trace.length + 1}. ${label}`);
      state = next;
      break;
    }
  }
  return trace;
}
