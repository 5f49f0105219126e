/** Calls all listeners. A listener that throws is reported on the console, so that it stops neither the run nor the other listeners. */
export function callListeners(listeners: Iterable<() => void>, whose: string): void {
  for (const listener of [...listeners]) {
    try {
      listener();
    } catch (error) {
      console.error(`A listener of a ${whose} threw:`, error);
    }
  }
}
