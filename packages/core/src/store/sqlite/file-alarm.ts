import { type FSWatcher, watch } from 'node:fs';

/**
 * Calls a function soon after a file is written, without a cost while it is not. Some file systems report no writes,
 * so the caller must look at the file as well.
 *
 * @returns a function that stops the calls
 */
export function fileAlarm(path: string, written: () => void): () => void {
  let watcher: FSWatcher | undefined;
  const stop = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  try {
    watcher = watch(path, { persistent: false }, written);
    watcher.on('error', stop);
  } catch {
    // The file is missing, or the machine has no watches left.
  }
  return stop;
}
