import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../errors/store-error.ts';
import { thrownData, type Answer, type Call, type CallType, type Outcome } from './calls.ts';
import { claimTable } from './claim-table.ts';
import { inboxTable } from './inbox-table.ts';
import { runTable } from './run-table.ts';
import { threadTable } from './thread-table.ts';
import { webhookTable } from './webhook-table.ts';

/** Performs several calls. @returns the outcome of each, in the same order */
export type PerformCalls = (calls: readonly Call[]) => Outcome[];

export interface PerformOptions {
  readonly database: DatabaseSync;
  readonly synchronous: 'full' | 'normal';
  /** Begins a transaction with the write lock, or throws if the lock is not available. */
  readonly begin: () => void;
  /** Repeats a read while another process opens or closes the file. */
  readonly wait: <T>(read: () => T) => T;
}

/**
 * Calls that need not be on the disk when they resolve. If the machine stops, no process survives that needs a claim,
 * and renewals are too frequent to wait for the disk.
 */
const unsynced: ReadonlySet<CallType> = new Set(['claim', 'release', 'renew']);

/**
 * Returns a function that performs calls on the database. Calls that need no lock are answered without one. The others
 * share one transaction, so that one wait for the disk serves many runs. Each call is still atomic: a conflict fails
 * only its own call. After any other error, the transaction is rolled back, and each call is repeated in its own
 * transaction.
 */
export function performCalls({ database, synchronous, begin, wait }: PerformOptions): PerformCalls {
  const runs = runTable(database);
  const threads = threadTable(database);
  const claims = claimTable(database);
  const inbox = inboxTable(database);
  const webhooks = webhookTable(database);
  let level = synchronous;

  /** Returns the answer to a call that needs no lock; undefined for any other call. */
  function peek(call: Call): { readonly answer: Answer } | undefined {
    switch (call.type) {
      case 'load':
        return { answer: runs.load(call.runId) };
      case 'list':
        return { answer: runs.list(call.filter) };
      case 'threadRuns':
        return { answer: threads.runsOf(call.threadId) };
      case 'threads':
        return { answer: threads.list(call.filter) };
      case 'look':
        return { answer: claims.look(call.runIds, call.nowMs) };
      case 'undriven':
        return { answer: claims.undriven(call.agents, call.nowMs) };
      case 'receive':
        return { answer: inbox.receive(call.runId) };
      case 'expired':
        return { answer: claims.expired(call.nowMs) };
      case 'findByResponse':
        return { answer: webhooks.findByResponse(call.responseId) };
      case 'takeWebhook':
        return webhooks.isRemembered(call.responseId, call.nowMs) ? undefined : { answer: false };
      case 'claim':
        return claims.isRefused(call) ? { answer: false } : undefined;
      case 'release':
        return claims.isHeldBy(call.runId, call.owner) ? undefined : { answer: false };
      case 'renew':
        return claims.holdsAny(call.owner) ? undefined : { answer: [] };
      case 'publish':
      case 'watch':
      case 'unwatch':
        return { answer: undefined };
      case 'commit':
      case 'delete':
      case 'rememberWebhook':
      case 'post':
        return undefined;
    }
  }

  /** Called inside a transaction, so that the values it reads stay valid while it writes. */
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
      case 'rememberWebhook':
        return webhooks.remember(call.responseId, call.nowMs);
      case 'takeWebhook':
        return webhooks.take(call.responseId, call.nowMs);
      case 'load':
      case 'list':
      case 'threadRuns':
      case 'threads':
      case 'look':
      case 'undriven':
      case 'findByResponse':
      case 'receive':
      case 'expired':
      case 'publish':
      case 'watch':
      case 'unwatch':
        return peek(call)?.answer;
    }
  }

  function writeOne(call: Call): Outcome {
    try {
      return { answer: write(call) };
    } catch (error) {
      // These errors are thrown before any write, so there is nothing to roll back.
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
      return wait(() => peek(call));
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

/** Never used. Every call has an outcome, but TypeScript cannot check that. */
const lost: Outcome = { thrown: { message: 'The call has no outcome.' } };

/** Some failures have already rolled the transaction back. The error of a second ROLLBACK would hide them. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // No transaction was open.
  }
}
