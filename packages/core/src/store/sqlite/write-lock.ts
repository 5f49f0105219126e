import type { DatabaseSync } from 'node:sqlite';
import { resultCode } from './sqlite-failure.ts';

/**
 * The pause between two attempts, in milliseconds. It is short, because a process that writes continuously leaves gaps
 * of milliseconds.
 */
const pauseMs = 5;

/**
 * Repeats an action while another process has the lock that it needs: it writes, or opens or closes the file.
 *
 * @param pause Sleeps for a number of milliseconds. Returns false if the wait should end.
 * @throws SQLite's own error (5, busy) after `busyTimeoutMs`, or if the wait was ended
 */
export function whileBusy<T>(action: () => T, busyTimeoutMs: number, pause: (ms: number) => boolean): T {
  for (let waited = 0; ; waited += pauseMs) {
    try {
      return action();
    } catch (error) {
      if (resultCode(error) !== 5 || waited >= busyTimeoutMs || !pause(pauseMs)) throw error;
    }
  }
}

/** Begins a transaction that may write. While another process writes, it waits like {@link whileBusy}. */
export function beginWriting(
  database: DatabaseSync,
  busyTimeoutMs: number,
  pause: (ms: number) => boolean,
): void {
  whileBusy(() => database.exec('BEGIN IMMEDIATE'), busyTimeoutMs, pause);
}
