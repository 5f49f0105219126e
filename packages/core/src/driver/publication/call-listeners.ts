/** Calls them all. One that throws is reported on the console: it must not stop a run, nor the process, nor the others. */
export function callListeners(listeners: Iterable<() => void>, whose: string): void {
  for (const listener of [...listeners]) {
    try {
      listener();
    } catch (error) {
      console.error(`A listener of a ${whose} threw:`, error);
    }
  }
}
