import { fieldsOf, wordOf } from '../wire/json.ts';

/** What a request is sent with so that no framework answers it from its cache, as Next 13 and 14 do with GETs. */
export interface CacheOption {
  readonly cache?: 'no-store';
}

/** Fetches and clients on platforms that have no `cache` option. */
const rejecting = new WeakSet<object>();

/** Workers before 2024-11 throw "The 'cache' field on 'RequestInitializerDict' is not implemented", before they send. */
const rejection = /'cache' field.*not implemented|unsupported cache mode/i;

function rejects(error: unknown, depth = 5): boolean {
  const { message, cause }: { readonly message?: unknown; readonly cause?: unknown } = fieldsOf(error);
  return rejection.test(wordOf(message)) || (depth > 0 && Boolean(cause) && rejects(cause, depth - 1));
}

/**
 * Sends a request with `cache: 'no-store'` (replicate-javascript 136); without it where the platform rejects the option.
 *
 * @param sender What sends it: once it has rejected the option, it is not given it again.
 */
export async function uncached<T>(sender: object, send: (option: CacheOption) => PromiseLike<T>): Promise<T> {
  if (rejecting.has(sender)) return send({});
  try {
    return await send({ cache: 'no-store' });
  } catch (error) {
    if (!rejects(error)) throw error;
    rejecting.add(sender);
    return send({});
  }
}
