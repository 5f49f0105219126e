/** What both threads of a store see at once, whatever each of them is doing. */
export interface ThreadSignals {
  /** Two numbers: the state, and a count that grows as long as the main thread lives. */
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

/** The main thread lives. */
export function giveSign({ shared }: ThreadSignals): void {
  Atomics.add(shared, signAt, 1);
}

export function currentSign({ shared }: ThreadSignals): number {
  return Atomics.load(shared, signAt);
}

export function isOpen({ shared }: ThreadSignals): boolean {
  return Atomics.load(shared, stateAt) === open;
}

/** Sleeps in the thread of the store. @returns false when it is to be closed meanwhile */
export function pause(signals: ThreadSignals, ms: number): boolean {
  Atomics.wait(signals.shared, stateAt, open, ms);
  return isOpen(signals);
}

/** Asks the thread of the store to close: what it waits for is waited for no longer. */
export function askToClose({ shared }: ThreadSignals): void {
  Atomics.store(shared, stateAt, closing);
  Atomics.notify(shared, stateAt);
}

export function tellClosed({ shared }: ThreadSignals): void {
  Atomics.store(shared, stateAt, closed);
  Atomics.notify(shared, stateAt);
}

/** Blocks until the thread of the store has closed, for `ms` at most. */
export function awaitClosed({ shared }: ThreadSignals, ms: number): void {
  Atomics.wait(shared, stateAt, closing, ms);
}
