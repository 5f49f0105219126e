/** One event that may happen next. */
export interface Move<State> {
  readonly label: string;
  readonly next: State;
  /** The event need not happen: a crash, a new request of a user. */
  readonly optional: boolean;
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

/** For each state, the states that lead to it by a move that is not optional. Two arrays hold the lists, because there are millions of moves. */
class Predecessors {
  readonly #last: number[] = [];
  readonly #from: number[] = [];
  readonly #earlier: number[] = [];

  add(from: number, to: number): void {
    this.#from.push(from);
    this.#earlier.push(this.#last[to] ?? -1);
    this.#last[to] = this.#from.length - 1;
  }

  /** Marks every state that leads to one of `goals`. */
  reaching(goals: readonly number[], states: number): Uint8Array {
    const reaches = new Uint8Array(states);
    const queue = [...goals];
    for (const id of queue) reaches[id] = 1;
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (let edge = this.#last[id] ?? -1; edge !== -1; edge = this.#earlier[edge] ?? -1) {
        const from = this.#from[edge] ?? 0;
        if (reaches[from] === 1) continue;
        reaches[from] = 1;
        queue.push(from);
      }
    }
    return reaches;
  }
}

/** Visits every state that can be reached, breadth first, up to `limit` states. */
export function explore<State>(space: Space<State>, limit: number = Number.POSITIVE_INFINITY): Exploration {
  const ids = new Map<string, number>();
  const keys: string[] = [];
  const parents: number[] = [];
  const waiting: (State | undefined)[] = [];
  const settled: number[] = [];
  const predecessors = new Predecessors();
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
    for (const move of space.moves(state)) {
      moves += 1;
      const next = visit(move.next, id);
      if (!move.optional) predecessors.add(id, next);
    }
  }
  const stuck = predecessors.reaching(settled, keys.length).indexOf(0);
  return stuck === -1 ? result() : result('O5, O6: from here the run never settles', stuck);
}

/** The keys of the states from the first to this one. */
function keysTo(id: number, keys: readonly string[], parents: readonly number[]): string[] {
  const path: string[] = [];
  for (let at = id; at > 0; at = parents[at] ?? 0) path.unshift(keys[at] ?? '');
  return path;
}

/** Repeats the moves: two states with the same key may use different names for the same process. */
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
