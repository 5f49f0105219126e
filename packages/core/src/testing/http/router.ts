/** The requests that concern conversations. */
export type ConversationRoute =
  | { readonly route: 'create_conversation' }
  | {
      readonly route:
        | 'read_conversation'
        | 'update_conversation'
        | 'delete_conversation'
        | 'list_items'
        | 'add_items';
      readonly id: string;
    }
  | { readonly route: 'read_item' | 'delete_item'; readonly id: string; readonly itemId: string };

/** The requests that concern responses. */
export type ResponseRoute =
  | { readonly route: 'create' | 'input_tokens' | 'compact' }
  | { readonly route: 'retrieve' | 'cancel' | 'delete' | 'input_items'; readonly id: string };

export type Route = ResponseRoute | ConversationRoute;

function responseRoute(method: string, id: string, rest: string | undefined): Route | undefined {
  if (method === 'POST' && rest === undefined && (id === 'input_tokens' || id === 'compact'))
    return { route: id };
  if (method === 'POST' && rest === 'cancel') return { route: 'cancel', id };
  if (method === 'GET' && rest === 'input_items') return { route: 'input_items', id };
  if (rest !== undefined) return undefined;
  if (method === 'GET') return { route: 'retrieve', id };
  return method === 'DELETE' ? { route: 'delete', id } : undefined;
}

function conversationRoute(method: string, path: readonly string[]): Route | undefined {
  const [id, part, itemId] = path;
  if (id === undefined) return method === 'POST' ? { route: 'create_conversation' } : undefined;
  if (part === undefined) {
    if (method === 'GET') return { route: 'read_conversation', id };
    if (method === 'POST') return { route: 'update_conversation', id };
    return method === 'DELETE' ? { route: 'delete_conversation', id } : undefined;
  }
  if (part !== 'items') return undefined;
  if (itemId === undefined) {
    if (method === 'GET') return { route: 'list_items', id };
    return method === 'POST' ? { route: 'add_items', id } : undefined;
  }
  if (method === 'GET') return { route: 'read_item', id, itemId };
  return method === 'DELETE' ? { route: 'delete_item', id, itemId } : undefined;
}

/**
 * Finds the route by the end of the path, so the API can be mounted anywhere (`/v1`, Azure's `/openai/v1`). Two regular
 * expressions do not justify a router library as a dependency of the package.
 */
export function routeOf(method: string, path: string): Route | undefined {
  const conversation = /\/conversations((?:\/[^/]+){0,3})\/?$/.exec(path);
  if (conversation !== null)
    return conversationRoute(method, (conversation[1] ?? '').split('/').filter(Boolean));
  const match = /\/responses(?:\/([^/]+))?(?:\/([^/]+))?\/?$/.exec(path);
  if (match === null) return undefined;
  const [, id, rest] = match;
  if (id !== undefined) return responseRoute(method, id, rest);
  return method === 'POST' ? { route: 'create' } : undefined;
}
