import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../errors/store-error.ts';
import type { Answer, Call, CallType, Outcome } from './calls.ts';
import { claimTable } from './claim-table.ts';
import { inboxTable } from './inbox-table.ts';
import { runTable } from './run-table.ts';
import { thrownData } from './thrown.ts';

/** Performs calls, several at once. @returns the outcome of each, in their order */
export type PerformCalls = (calls: readonly Call[]) => Outcome[];

export interface PerformOptions {
  readonly database: DatabaseSync;
  readonly synchronous: 'full' | 'normal';
  /** Begins a transaction that holds the write lock, or throws where it cannot be had. */
  readonly begin: () => void;
}

/**
 * What need not be on the disk when it resolves: no process outlives the machine to need a claim, and a renewal every
 * few seconds is not worth the wait.
 */
const unsynced: ReadonlySet<CallType> = new Set(['claim', 'release', 'renew']);

/**
 * Performs what is asked of the database. Whatever needs no lock is answered without one; the rest goes into one
 * transaction, so that one wait for the disk serves many runs. Each is still all or nothing for itself: a conflict
 * fails its own call, and where anything else fails, none of it happened and each is done in a transaction of its own.
 */
export function performCalls({ database, synchronous, begin }: PerformOptions): PerformCalls {
  const runs = runTable(database);
  const claims = claimTable(database);
  const inbox = inboxTable(database);
  let level = synchronous;

  /** The answer, where no lock is needed for it. */
  function peek(call: Call): { readonly answer: Answer } | undefined {
    switch (call.type) {
      case 'load':
        return { answer: runs.load(call.runId) };
      case 'list':
        return { answer: runs.list(call.filter) };
      case 'look':
        return { answer: claims.look(call.runIds, call.nowMs) };
      case 'receive':
        return { answer: inbox.receive(call.runId) };
      case 'claim':
        return claims.isRefused(call) ? { answer: false } : undefined;
      case 'release':
        return claims.isHeldBy(call.runId, call.owner) ? undefined : { answer: undefined };
      case 'renew':
        return claims.holdsAny(call.owner) ? undefined : { answer: [] };
      case 'commit':
      case 'delete':
      case 'post':
        return undefined;
    }
  }

  /** Inside a transaction: what was read is still so when it is written. */
  function write(call: Call): Answer {
    switch (call.type) {
      case 'commit':
        if (runs.commit(call)) inbox.delete(call.runId, call.received);
        return undefined;
      case 'delete':
        return runs.delete(call.runId);
      case 'claim':
        return claims.claim(call);
      case 'release':
        return claims.release(call.runId, call.owner);
      case 'renew':
        return claims.renew(call.owner, call.ttlMs);
      case 'post':
        return inbox.post(call.runId, call.message);
      case 'load':
      case 'list':
      case 'look':
      case 'receive':
        return peek(call)?.answer;
    }
  }

  function writeOne(call: Call): Outcome {
    try {
      return { answer: write(call) };
    } catch (error) {
      // Told before anything was written, so there is nothing to take back.
      if (StoreError.isInstance(error)) return { thrown: thrownData(error) };
      throw error;
    }
  }

  function setLevel(wanted: 'full' | 'normal'): void {
    if (wanted === level) return;
    database.exec(`PRAGMA synchronous = ${wanted}`);
    level = wanted;
  }

  function writeAll(calls: readonly Call[]): Outcome[] {
    try {
      setLevel(calls.every(({ type }) => unsynced.has(type)) ? 'normal' : synchronous);
      begin();
    } catch (error) {
      return calls.map(() => ({ thrown: thrownData(error) }));
    }
    try {
      const outcomes = calls.map(writeOne);
      database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      rollBack(database);
      return calls.length === 1 ? [{ thrown: thrownData(error) }] : calls.flatMap((call) => writeAll([call]));
    }
  }

  function peekSafely(call: Call): Outcome | undefined {
    try {
      return peek(call);
    } catch (error) {
      return { thrown: thrownData(error) };
    }
  }

  return (calls) => {
    const outcomes = calls.map(peekSafely);
    const writes = calls.filter((_, index) => outcomes[index] === undefined);
    const written = writes.length === 0 ? [] : writeAll(writes);
    let next = 0;
    return outcomes.map((outcome) => outcome ?? written[next++] ?? lost);
  };
}

/** Every call that is written has an outcome: this stands where there could be none. */
const lost: Outcome = { thrown: { message: 'The call has no outcome.' } };

/** Some failures have rolled it back already, and a second ROLLBACK would hide them behind an error of its own. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Nothing was open.
  }
}
