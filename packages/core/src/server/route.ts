/** The route of a path. `name` is the segment of the response id; it is not verified yet. */
export type Route =
  | { readonly kind: 'create' }
  | { readonly kind: 'response'; readonly name: string }
  | { readonly kind: 'cancel'; readonly name: string };

/** The methods of each route. */
export const routeMethods: { readonly [Kind in Route['kind']]: readonly ('GET' | 'POST' | 'DELETE')[] } = {
  create: ['POST'],
  response: ['GET', 'DELETE'],
  cancel: ['POST'],
};

/**
 * Matches the prefix and the characters of a signed response id. Without this check, other routes of the API, such as
 * `responses/compact` and `responses/input_tokens`, would be treated as a response.
 */
const idSegment = /^resp_[A-Za-z0-9_-]{1,1024}$/;

/**
 * Matches the end of a path, so that the proxy can be mounted at any path. Undefined if the proxy does not serve the
 * path.
 */
export function matchRoute(pathname: string): Route | undefined {
  const [last = '', before = '', earlier = ''] = pathname.split('/').toReversed();
  if (last === 'responses') return { kind: 'create' };
  if (before === 'responses' && idSegment.test(last)) return { kind: 'response', name: last };
  if (earlier === 'responses' && last === 'cancel' && idSegment.test(before))
    return { kind: 'cancel', name: before };
  return undefined;
}
