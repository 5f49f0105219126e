/**
 * Writes the first problem of a series to the console. Requests are repeated, so the same message would be written every
 * few seconds.
 */
export class ReportOnce {
  #isReported = false;

  report(message: string, ...details: readonly unknown[]): void {
    if (!this.#isReported) console.warn(`remoteRunner: ${message}`, ...details);
    this.#isReported = true;
  }

  /** The problem is over. The next one is reported again. */
  over(): void {
    this.#isReported = false;
  }
}
