/** Runs asynchronous changes one after the other, in the order in which they were asked for. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#last.then(change);
    // A change that failed has failed for whoever asked for it, not for the next one.
    this.#last = next.catch(() => undefined);
    return next;
  }
}
