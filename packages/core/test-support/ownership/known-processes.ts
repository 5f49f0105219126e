import type { Input, ModelProcess } from './model-process.ts';
import { ProcessTurn, type Next } from './process-turn.ts';
import { wrongWithin } from './process-invariants.ts';

/**
 * A state of a process. Equal states are the same object, so that each state is checked once, and each input is applied
 * once to each state.
 */
export interface KnownProcess extends ModelProcess {
  readonly number: number;
  /** The invariant that the process breaks, regardless of the store and the other processes. */
  readonly wrong: string | undefined;
  readonly outcomes: Map<string, Outcome>;
}

/** The result of an input. */
export interface Outcome {
  readonly process: KnownProcess;
  readonly accepted: readonly number[];
  readonly refused: readonly number[];
  readonly hello: boolean;
  readonly notFound: boolean;
  readonly problem: string | undefined;
}

/** The states of single processes. There are fewer of them than states of the world, which combine them. */
export class KnownProcesses {
  readonly #next: Next;
  readonly #known = new Map<string, KnownProcess>();

  constructor(next: Next) {
    this.#next = next;
  }

  of(process: ModelProcess): KnownProcess {
    const { own, loop, operations, held, asks, view, live, hasContext } = process;
    const key = JSON.stringify([own, loop, operations, held, asks, view, live, hasContext]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const wrong = wrongWithin(process, this.#next);
    const number = this.#known.size;
    const fresh = { ...process, number, wrong, outcomes: new Map<string, Outcome>() };
    this.#known.set(key, fresh);
    return fresh;
  }

  after(process: KnownProcess, input: Input): Outcome {
    const key = JSON.stringify(input);
    const before = process.outcomes.get(key);
    if (before !== undefined) return before;
    const outcome = this.#take(process, input);
    process.outcomes.set(key, outcome);
    return outcome;
  }

  #take(process: KnownProcess, input: Input): Outcome {
    const turn = new ProcessTurn(process, this.#next);
    const { accepted, refused } = turn;
    try {
      const after = this.of(turn.take(input));
      return {
        process: after,
        accepted,
        refused,
        hello: turn.hello,
        notFound: turn.notFound,
        problem: undefined,
      };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { process, accepted, refused, hello: false, notFound: false, problem };
    }
  }
}
