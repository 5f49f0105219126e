/** The end of a run, or of driving or following it in this process, with the reason. The run may be resumed. */
export class RunEnding {
  #ended = Promise.withResolvers<void>();
  #settled = false;
  #waiting = 0;
  #stopError: Error | undefined;

  /** The reason why driving or following stopped before the run ended. */
  get stopError(): Error | undefined {
    return this.#stopError;
  }

  /** Resolves when the run has ended, or is no longer driven or followed here. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Whether a caller waits for the end of the run, or for an answer. */
  get isAwaited(): boolean {
    return this.#waiting > 0;
  }

  /** Waits for a caller. */
  async wait(what: Promise<void> = this.#ended.promise): Promise<void> {
    this.#waiting += 1;
    try {
      await what;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** `stopError`: why driving or following stopped before the run ended. */
  settle(stopError?: Error): void {
    this.#stopError = stopError;
    this.#settled = true;
    this.#ended.resolve();
  }

  reopen(): void {
    if (!this.#settled) return;
    this.#ended = Promise.withResolvers<void>();
    this.#stopError = undefined;
    this.#settled = false;
  }
}
