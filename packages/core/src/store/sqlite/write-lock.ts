import type { DatabaseSync } from 'node:sqlite';
import { resultCode } from './sqlite-failure.ts';

/** Short: a rival that writes all the time leaves gaps of milliseconds. */
const pauseMs = 5;

/**
 * Begins a transaction that may write, and waits for that while another process writes.
 *
 * @param pause Sleeps for as many milliseconds; false where there is no point in waiting on.
 * @throws SQLite's own error (5, busy) when `busyTimeoutMs` are over, or waiting was ended
 */
export function beginWriting(
  database: DatabaseSync,
  busyTimeoutMs: number,
  pause: (ms: number) => boolean,
): void {
  for (let waited = 0; ; waited += pauseMs) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (resultCode(error) !== 5 || waited >= busyTimeoutMs || !pause(pauseMs)) throw error;
    }
  }
}
