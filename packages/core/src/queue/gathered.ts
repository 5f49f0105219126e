/** The number of calls in one statement or transaction. */
const mostTogether = 50;

interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers calls of the database. Calls that wait while others are in progress share the next statement, so that a busy
 * worker needs few statements, and an idle one does not wait.
 */
export class Gathered<Asked, Answer> {
  readonly #perform: (all: readonly Asked[]) => Promise<readonly Answer[]>;
  readonly #mostAtOnce: number;
  #waiting: Waiting<Asked, Answer>[] = [];
  #inProgress = 0;

  /**
   * @param perform Answers some calls, in their order. If it throws, all of them fail.
   * @param mostAtOnce How often `perform` is in progress at the same time.
   */
  constructor(perform: (all: readonly Asked[]) => Promise<readonly Answer[]>, mostAtOnce: number = 1) {
    this.#perform = perform;
    this.#mostAtOnce = mostAtOnce;
  }

  ask(asked: Asked): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ asked, resolve, reject });
    if (this.#inProgress < this.#mostAtOnce) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#inProgress += 1;
    while (this.#waiting.length > 0) await this.#answer(this.#waiting.splice(0, mostTogether));
    this.#inProgress -= 1;
  }

  async #answer(calls: readonly Waiting<Asked, Answer>[]): Promise<void> {
    try {
      const answers = await this.#perform(calls.map(({ asked }) => asked));
      for (const [index, { resolve, reject }] of calls.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('A call of the database has no answer.'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}
