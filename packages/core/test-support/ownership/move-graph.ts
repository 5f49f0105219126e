/** The moves between states, except optional moves. Arrays of numbers contain them, because there are millions. */
export class MoveGraph {
  /** The moves, ordered by the state that they leave. */
  readonly #from: number[] = [];
  /** -1 for a late move. */
  readonly #to: number[] = [];
  readonly #label: number[] = [];
  readonly #labels = new Map<string, number>();
  /** For each state, the last move to it; for each move, the previous move to the same state. */
  readonly #last: number[] = [];
  readonly #earlier: number[] = [];

  /** `isLate`: the move is possible, but other moves of this state happen first. */
  add(from: number, to: number, label: string, isLate: boolean): void {
    const { size } = this.#labels;
    const named = this.#labels.get(label) ?? size;
    if (named === size) this.#labels.set(label, named);
    this.#from.push(from);
    this.#to.push(isLate ? -1 : to);
    this.#label.push(named);
    this.#earlier.push(this.#last[to] ?? -1);
    this.#last[to] = this.#from.length - 1;
  }

  /** Marks every state that leads to one of `goals`. */
  reaching(goals: readonly number[], states: number): Uint8Array {
    const reaches = new Uint8Array(states);
    const queue = [...goals];
    for (const id of queue) reaches[id] = 1;
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (let move = this.#last[id] ?? -1; move !== -1; move = this.#earlier[move] ?? -1) {
        const from = this.#from[move] ?? 0;
        if (reaches[from] === 1) continue;
        reaches[from] = 1;
        queue.push(from);
      }
    }
    return reaches;
  }

  /**
   * Finds a circle of unsettled states that can repeat endlessly although every process proceeds. A circle counts only
   * if it contains each move that is possible in all of its states, because such a move happens at some time.
   *
   * @returns one state of the circle, and the labels of its moves
   */
  livelock(settled: readonly number[], states: number): { state: number; labels: string[] } | undefined {
    const isSettled = new Uint8Array(states);
    for (const id of settled) isSettled[id] = 1;
    const first = this.#firstMoves(states);
    for (const circle of circles(first, this.#to, isSettled)) {
      const repeated = this.#fairMoves(circle, first);
      const labels = [...this.#labels.keys()].filter((_, number) => repeated?.has(number));
      const [state] = circle;
      if (repeated !== undefined && state !== undefined) return { state, labels };
    }
    return undefined;
  }

  /** For each state, the number of the first move that leaves it. */
  #firstMoves(states: number): Uint32Array {
    const first = new Uint32Array(states + 1);
    for (const from of this.#from) first[from + 1] = (first[from + 1] ?? 0) + 1;
    for (let id = 0; id < states; id += 1) first[id + 1] = (first[id + 1] ?? 0) + (first[id] ?? 0);
    return first;
  }

  /** The moves that a circle repeats; undefined if the circle omits a move that is always possible. */
  #fairMoves(circle: readonly number[], first: Uint32Array): ReadonlySet<number> | undefined {
    const inside = new Set(circle);
    const repeated = new Set<number>();
    let always: Set<number> | undefined;
    for (const id of circle) {
      const possible = new Set<number>();
      for (let move = first[id] ?? 0; move < (first[id + 1] ?? 0); move += 1) {
        const label = this.#label[move] ?? 0;
        possible.add(label);
        if (inside.has(this.#to[move] ?? 0)) repeated.add(label);
      }
      always = always === undefined ? possible : new Set([...always].filter((label) => possible.has(label)));
    }
    return [...(always ?? [])].every((label) => repeated.has(label)) ? repeated : undefined;
  }
}

/** The largest sets of states that lead to each other (Tarjan's algorithm), without the settled states. */
function* circles(
  first: Uint32Array,
  to: readonly number[],
  isSettled: Uint8Array,
): Iterable<readonly number[]> {
  const states = isSettled.length;
  const order = new Int32Array(states);
  const low = new Int32Array(states);
  const next = first.slice();
  const open: number[] = [];
  const isOpen = new Uint8Array(states);
  let count = 0;
  for (let root = 0; root < states; root += 1) {
    if (order[root] !== 0 || isSettled[root] === 1) continue;
    const path = [root];
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      if (order[id] === 0) {
        count += 1;
        order[id] = low[id] = count;
        open.push(id);
        isOpen[id] = 1;
      }
      const move = next[id] ?? 0;
      if (move < (first[id + 1] ?? 0)) {
        next[id] = move + 1;
        const target = to[move] ?? -1;
        if (target === -1 || isSettled[target] === 1) continue;
        if (order[target] === 0) path.push(target);
        else if (isOpen[target] === 1) low[id] = Math.min(low[id] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[id] ?? 0);
      if (low[id] !== order[id]) continue;
      const circle = open.splice(open.lastIndexOf(id));
      for (const one of circle) isOpen[one] = 0;
      if (circle.length > 1) yield circle;
    }
  }
}
