/** What a path asks for. `name` is what stands where a response id belongs; it is not verified yet. */
export type Route =
  | { readonly kind: 'create' }
  | { readonly kind: 'retrieve'; readonly name: string }
  | { readonly kind: 'cancel'; readonly name: string };

/** The one method each route takes. */
export const routeMethod: { readonly [Kind in Route['kind']]: 'GET' | 'POST' } = {
  create: 'POST',
  retrieve: 'GET',
  cancel: 'POST',
};

/**
 * The characters of signed ids, and no others: without this `%2F`, `..` and their kind would reach the upstream URL,
 * and `responses/compact` or `responses/input_tokens` would pass for a response.
 */
const idSegment = /^resp_[A-Za-z0-9_-]{1,1024}$/;

/** Reads the end of a path: the proxy can be mounted anywhere. Undefined for everything that it does not serve. */
export function matchRoute(pathname: string): Route | undefined {
  const [last = '', before = '', earlier = ''] = pathname.split('/').toReversed();
  if (last === 'responses') return { kind: 'create' };
  if (before === 'responses' && idSegment.test(last)) return { kind: 'retrieve', name: last };
  if (earlier === 'responses' && last === 'cancel' && idSegment.test(before))
    return { kind: 'cancel', name: before };
  return undefined;
}
