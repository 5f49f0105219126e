/** The end of a run, or of driving or following it in this process, with the reason. The run may be resumed. */
export class RunEnding {
  #ended = Promise.withResolvers<void>();
  #settled = false;
  #stopError: Error | undefined;

  /** The reason why driving or following stopped before the run ended. */
  get stopError(): Error | undefined {
    return this.#stopError;
  }

  /** Resolves when the run has ended, or is no longer driven or followed here. */
  get ended(): Promise<void> {
    return this.#ended.promise;
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
