/** What a request asks for. */
export type Route =
  | { readonly route: 'create' }
  | { readonly route: 'input_tokens' }
  | { readonly route: 'retrieve' | 'cancel' | 'delete' | 'input_items'; readonly id: string };

function responseRoute(method: string, id: string, rest: string | undefined): Route | undefined {
  if (method === 'POST' && id === 'input_tokens' && rest === undefined) return { route: 'input_tokens' };
  if (method === 'POST' && rest === 'cancel') return { route: 'cancel', id };
  if (method === 'GET' && rest === 'input_items') return { route: 'input_items', id };
  if (rest !== undefined) return undefined;
  if (method === 'GET') return { route: 'retrieve', id };
  return method === 'DELETE' ? { route: 'delete', id } : undefined;
}

/**
 * Six routes over the end of the path, wherever the API is mounted (`/v1`, Azure's `/openai/v1`). A router library
 * would be one more runtime dependency of everyone who installs the package, for one regular expression.
 */
export function routeOf(method: string, path: string): Route | undefined {
  const match = /\/responses(?:\/([^/]+))?(?:\/([^/]+))?\/?$/.exec(path);
  if (match === null) return undefined;
  const [, id, rest] = match;
  if (id !== undefined) return responseRoute(method, id, rest);
  return method === 'POST' ? { route: 'create' } : undefined;
}
