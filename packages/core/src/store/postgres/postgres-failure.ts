import { StoreError } from '../../errors/store-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { isObject } from '../../errors/must-be.ts';

/**
 * SQLSTATE codes, or their classes of two characters, of failures that may be transient:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const transientStates: ReadonlyMap<string, string> = new Map([
  ['08', 'the connection failed'],
  ['53', 'the server has no more connections, memory or disk space'],
  ['57', 'the server ended the query, or is starting or stopping'],
  ['58', 'the server failed to read or write'],
  ['40001', 'it conflicted with another transaction'],
  ['40P01', 'it was in a deadlock with another transaction'],
  ['55P03', 'another transaction holds a lock'],
  ['25006', 'the server accepts no writes at present'],
  ['25P03', 'the transaction took too long'],
]);

/** Messages of `pg` about its connections, which have no code. */
const connectionMessage =
  /^(?:Connection terminated|timeout e|Query read timeout|Client (?:has encountered|was closed)|Cannot use a pool)/;

/** The SQLSTATE of an error of the server: five characters. Undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && isObject(error) && 'severity' in error
    ? code
    : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Why a failure may be transient. Undefined if it is not. */
function transientReason(error: unknown): string | undefined {
  const state = sqlState(error);
  if (state !== undefined) return transientStates.get(state) ?? transientStates.get(state.slice(0, 2));
  // The codes of Node's errors: ECONNREFUSED, ENOTFOUND, ETIMEDOUT.
  if (/^E[A-Z_]+$/.test(codeOf(error) ?? '')) return 'the server cannot be reached';
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith('Cannot use a pool')) return 'its Pool was ended. End it after runner.close()';
  if (/timeout/.test(error.message) && connectionMessage.test(error.message))
    return 'the server did not answer in time';
  return connectionMessage.test(error.message) ? 'the connection failed' : undefined;
}

/**
 * Converts an error of `pg`: to `StoreError` `unavailable` if the failure may be transient, so that driving waits.
 * Returns other errors unchanged.
 */
export function postgresFailure(error: unknown, action: string): unknown {
  if (LonghaulError.isInstance(error)) return error;
  const reason = transientReason(error);
  if (reason === undefined) return error;
  return new StoreError('unavailable', `The store could not ${action}: ${reason}.`, { cause: error });
}
