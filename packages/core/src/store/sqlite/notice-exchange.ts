import { existsSync } from 'node:fs';
import { errorMessage } from '../../errors/error-message.ts';
import type { Call, Outcome } from './calls.ts';
import { fileAlarm } from './file-alarm.ts';
import { type LiveFile, livePath, openLiveFile } from './live-file.ts';
import { noticesOf } from './notices-of.ts';
import { resultCode } from './sqlite-failure.ts';

export interface ExchangeOptions {
  /** The absolute path of the database's file. */
  readonly database: string;
  /** Identifies the store among all stores of the database. */
  readonly store: string;
}

export type ExchangeReport =
  /** Notices of other stores, as JSON text. */
  | { readonly notices: readonly string[] }
  /** Why no notices are sent and received at present. */
  | { readonly failure: string };

/** The interval between two looks at the file while notices are exchanged, in milliseconds. */
const busyEveryMs = 15;
/** The interval while no notices are exchanged. If the system reports writes to the file, it looks earlier. */
const idleEveryMs = 100;
/** The time after the last notice for which the exchange counts as busy. */
const busyForMs = 2_000;
/** The interval at which a watcher registers again, and at which each process checks whether the file was replaced. */
const beatEveryMs = 5_000;
/** The time after which a notice is deleted. Each process that watches has read it long before. */
const keepMs = 5_000;
const tidyEveryMs = 1_000;
/** The pause before a file that failed is opened again. */
const reopenAfterMs = 1_000;
/** How long `enterLive` waits for other processes that write notices, in milliseconds. */
const enterTimeoutMs = 1_000;
/** How long the exchange waits for them. It is short, because saves wait too. The next look tries again. */
const lockTimeoutMs = 10;
/** Maximum number of notices that wait while other processes write to the file. Later ones are lost. */
const mostUnsent = 10_000;

/**
 * Registers the store as a watcher, so that no later notice is missed.
 *
 * @returns the number of the last notice before that
 * @throws the error of SQLite or of the file system if the live file cannot be used
 */
export function enterLive({ database, store }: ExchangeOptions): number {
  const file = openLiveFile(database, enterTimeoutMs, Date.now());
  try {
    const last = file.lastId();
    file.beat(store, Date.now());
    return last;
  } finally {
    file.close();
  }
}

/**
 * Exchanges notices with the other stores of a database, in this process and others, through the live file. Writes a
 * notice only while another store watches. While this store watches, looks at the file regularly. If the file fails,
 * opens it again.
 */
export class NoticeExchange {
  readonly #options: ExchangeOptions;
  readonly #report: (report: ExchangeReport) => void;
  #file: LiveFile | undefined;
  /** The number of the last notice that was read; undefined if this store does not watch. */
  #after: number | undefined;
  #unsent: string[] = [];
  #reopenAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  /** When this store last registered and checked the file, by the wall clock. It advances while the machine sleeps. */
  #beatAt = Number.NEGATIVE_INFINITY;
  #busyUntil = Number.NEGATIVE_INFINITY;
  /** The number of the last notice at earlier times, while the file has notices. */
  #marks: { readonly at: number; readonly id: number }[] | undefined;
  #endAlarm: (() => void) | undefined;
  #timer: { readonly at: number; readonly handle: ReturnType<typeof setTimeout> } | undefined;

  constructor(options: ExchangeOptions, report: (report: ExchangeReport) => void) {
    this.#options = options;
    this.#report = report;
  }

  /** @param after The result of `enterLive`. Without it, the notices from now on are received. */
  watch(after?: number): void {
    this.#after = after ?? Number.POSITIVE_INFINITY;
    this.#look();
  }

  unwatch(): void {
    if (this.#after === undefined) return;
    this.#after = undefined;
    this.#use((file) => file.leave(this.#options.store, Date.now()));
    this.#schedule();
  }

  /** Called after calls to the database: performs those for the exchange, and sends notices of the others. */
  performed(calls: readonly Call[], outcomes: readonly Outcome[]): void {
    for (const call of calls) {
      if (call.type === 'watch') this.watch(call.after);
      if (call.type === 'unwatch') this.unwatch();
    }
    this.#send(noticesOf(calls, outcomes));
  }

  #send(notices: readonly string[]): void {
    if (notices.length === 0) return;
    this.#unsent.push(...notices.slice(0, mostUnsent - this.#unsent.length));
    this.#use((file) => this.#flush(file));
    this.#schedule();
  }

  close(): void {
    if (this.#unsent.length > 0) this.#use((file) => this.#flush(file));
    this.unwatch();
    this.#unsent = [];
    this.#marks = undefined;
    this.#schedule();
    this.#closeFile();
  }

  #look(): void {
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
    this.#use((file) => {
      this.#receive(file);
      this.#flush(file);
      this.#tidy(file);
    });
    this.#schedule();
  }

  #written(): void {
    // SQLite writes to the log just before others can read the notice, so one look may come too early.
    this.#busyUntil = Math.max(this.#busyUntil, performance.now() + 2 * busyEveryMs);
    this.#look();
  }

  #receive(file: LiveFile): void {
    if (this.#after === undefined) return;
    const last = file.lastId();
    // The numbers of a file that was replaced begin again.
    const after = Math.min(this.#after, last);
    this.#after = last;
    if (after === last) return;
    this.#marks ??= [];
    const notices = file.read(this.#options.store, after, last);
    if (notices.length === 0) return;
    this.#busyUntil = performance.now() + busyForMs;
    this.#report({ notices });
  }

  #flush(file: LiveFile): void {
    if (this.#unsent.length === 0) return;
    const { store } = this.#options;
    if (file.hasOthers(store, Date.now())) {
      file.write(store, this.#unsent);
      this.#busyUntil = performance.now() + busyForMs;
      this.#marks ??= [];
    }
    this.#unsent = [];
  }

  /** Deletes old notices. All processes that know of notices do this, because any of them may be killed. */
  #tidy(file: LiveFile): void {
    const now = performance.now();
    if (this.#marks === undefined || now - (this.#marks.at(-1)?.at ?? 0) < tidyEveryMs) return;
    this.#marks.push({ at: now, id: file.lastId() });
    const old = this.#marks.filter(({ at }) => now - at >= keepMs);
    const upTo = old.at(-1)?.id;
    if (upTo === undefined) return;
    this.#marks = this.#marks.slice(old.length);
    if (file.tidy(upTo)) this.#marks = undefined;
  }

  /** Calls `work` if there is a file. If another process writes at present, the next look tries again. */
  #use(work: (file: LiveFile) => void): void {
    try {
      const file = this.#open();
      if (file === undefined) return;
      work(file);
      this.#hasFailed = false;
    } catch (error) {
      if (resultCode(error) === 5) return;
      this.#closeFile();
      this.#unsent = [];
      this.#reopenAt = performance.now() + reopenAfterMs;
      if (!this.#hasFailed) this.#report({ failure: errorMessage(error) });
      this.#hasFailed = true;
    }
  }

  #open(): LiveFile | undefined {
    const { database, store } = this.#options;
    const wallMs = Date.now();
    const isDue = (): boolean => Math.abs(wallMs - this.#beatAt) >= beatEveryMs;
    if (isDue() && this.#file?.isCurrent() === false) this.#closeFile();
    if (this.#file === undefined) {
      const isMissing = this.#after === undefined && !existsSync(livePath(database));
      if (isMissing || performance.now() < this.#reopenAt) {
        this.#unsent = [];
        return undefined;
      }
      this.#file = openLiveFile(database, lockTimeoutMs, wallMs);
    }
    if (isDue()) {
      if (this.#after !== undefined) this.#file.beat(store, wallMs);
      this.#beatAt = wallMs;
    }
    return this.#file;
  }

  #closeFile(): void {
    this.#endAlarm?.();
    this.#endAlarm = undefined;
    this.#file?.close();
    this.#file = undefined;
    this.#beatAt = Number.NEGATIVE_INFINITY;
  }

  /** Plans the next look, if there is a reason for one. */
  #schedule(): void {
    const delay = this.#nextDelay();
    const at = performance.now() + (delay ?? 0);
    if (this.#timer !== undefined && (delay === undefined || at < this.#timer.at)) {
      clearTimeout(this.#timer.handle);
      this.#timer = undefined;
    }
    if (delay === undefined) return;
    // It does not keep the process alive.
    this.#timer ??= { at, handle: setTimeout(() => this.#look(), delay).unref() };
  }

  #nextDelay(): number | undefined {
    const isBusy = this.#unsent.length > 0 || performance.now() < this.#busyUntil;
    const isIdle = this.#after !== undefined && !isBusy;
    if (isIdle && this.#endAlarm === undefined && this.#file !== undefined) {
      this.#endAlarm = fileAlarm(`${livePath(this.#options.database)}-wal`, () => this.#written());
      // A notice may have been written just before.
      return busyEveryMs;
    }
    if (!isIdle) {
      this.#endAlarm?.();
      this.#endAlarm = undefined;
    }
    if (isIdle) return idleEveryMs;
    if (this.#after !== undefined || this.#unsent.length > 0) return busyEveryMs;
    return this.#marks === undefined ? undefined : tidyEveryMs;
  }
}
