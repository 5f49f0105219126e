/** Calls all listeners. An error of a listener is logged, so that the run and the other listeners continue. */
export function callListeners(listeners: Iterable<() => void>, whose: string): void {
  for (const listener of [...listeners]) {
    try {
      listener();
    } catch (error) {
      console.error(`A listener of a ${whose} threw:`, error);
    }
  }
}
