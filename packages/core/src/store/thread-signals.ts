/** State that both threads of a store see immediately, even if one of them is blocked. */
export interface ThreadSignals {
  /** Two numbers: the state, and a counter that the main thread increases while it is not blocked. */
  readonly shared: Int32Array<SharedArrayBuffer>;
}

const stateAt = 0;
const signAt = 1;
const open = 0;
const closing = 1;
const closed = 2;

export function newSignals(): ThreadSignals {
  return { shared: new Int32Array(new SharedArrayBuffer(8)) };
}

/** Signals that the main thread is not blocked. */
export function giveSign({ shared }: ThreadSignals): void {
  Atomics.add(shared, signAt, 1);
}

export function currentSign({ shared }: ThreadSignals): number {
  return Atomics.load(shared, signAt);
}

export function isOpen({ shared }: ThreadSignals): boolean {
  return Atomics.load(shared, stateAt) === open;
}

/** Sleeps in the thread of the store. @returns false if the store is to close */
export function pause(signals: ThreadSignals, ms: number): boolean {
  Atomics.wait(signals.shared, stateAt, open, ms);
  return isOpen(signals);
}

/** Asks the thread of the store to close, and ends its `pause`. */
export function askToClose({ shared }: ThreadSignals): void {
  Atomics.store(shared, stateAt, closing);
  Atomics.notify(shared, stateAt);
}

export function tellClosed({ shared }: ThreadSignals): void {
  Atomics.store(shared, stateAt, closed);
  Atomics.notify(shared, stateAt);
}

/** Blocks until the thread of the store has closed, at most for `ms`. */
export function awaitClosed({ shared }: ThreadSignals, ms: number): void {
  Atomics.wait(shared, stateAt, closing, ms);
}
