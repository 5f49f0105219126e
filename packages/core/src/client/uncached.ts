import { fieldsOf, wordOf } from '../wire/json.ts';

/** The option that prevents frameworks from answering a request from a cache, as Next 13 and 14 do with GETs. */
export interface CacheOption {
  readonly cache?: 'no-store';
}

/** The `fetch` functions and clients that have rejected the `cache` option. */
const rejecting = new WeakSet<object>();

/**
 * The error of Cloudflare Workers before 2024-11, thrown before anything is sent: "The 'cache' field on
 * 'RequestInitializerDict' is not implemented".
 */
const rejection = /'cache' field.*not implemented|unsupported cache mode/i;

function rejects(error: unknown, depth = 5): boolean {
  const { message, cause }: { readonly message?: unknown; readonly cause?: unknown } = fieldsOf(error);
  return rejection.test(wordOf(message)) || (depth > 0 && Boolean(cause) && rejects(cause, depth - 1));
}

/**
 * Sends a request with `cache: 'no-store'` (replicate-javascript 136), or without it if the platform rejects it.
 *
 * @param sender The `fetch` or client that sends the request. After it has rejected the option, it does not receive the
 * option again.
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
