import { errorMessage } from '../errors/error-message.ts';

/** How long the same error is not reported again, in milliseconds. A worker calls the database several times a second. */
const silentMs = 10_000;

/** Reports errors that no run can show. */
export class ErrorReports {
  readonly #onError: ((error: Error) => void) | undefined;
  readonly #now: () => number;
  readonly #reported = new Map<string, number>();

  /** `onError`: receives the errors. @default console.warn */
  constructor(onError: ((error: Error) => void) | undefined, now: () => number) {
    this.#onError = onError;
    this.#now = now;
  }

  report(error: unknown): void {
    const message = errorMessage(error);
    const cause = error instanceof Error && error.cause !== undefined ? ` ${errorMessage(error.cause)}` : '';
    const now = this.#now();
    for (const [text, at] of this.#reported) if (now - at >= silentMs) this.#reported.delete(text);
    if (this.#reported.has(message)) return;
    this.#reported.set(message, now);
    if (this.#onError === undefined) console.warn(`A worker of the queue: ${message}${cause}`);
    else this.#onError(error instanceof Error ? error : new Error(message));
  }
}
