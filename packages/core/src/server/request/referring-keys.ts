import type { ReferenceKind } from './reference.ts';

/**
 * The kind of object that a key's value refers to. `response` is accepted only in `previous_response_id`, which is
 * checked separately.
 */
export type ReferredKind = ReferenceKind | 'response';

/** Keys whose values resolve under the server's key, or that OpenAI fetches or connects to (openai 7.59). */
const named: ReadonlyMap<string, ReferredKind> = new Map([
  ['file_id', 'file'],
  ['file_ids', 'file'],
  ['conversation', 'conversation'],
  ['conversation_id', 'conversation'],
  ['prompt', 'prompt'],
  ['prompt_id', 'prompt'],
  ['vector_store_id', 'vector_store'],
  ['vector_store_ids', 'vector_store'],
  ['container', 'container'],
  ['container_id', 'container'],
  ['server_url', 'mcp_server'],
  ['connector_id', 'connector'],
  ['tunnel_id', 'connector'],
  ['skill_id', 'skill'],
  ['response_id', 'response'],
  ['previous_response_id', 'response'],
  ['comparison_response_id', 'response'],
]);

/** Ids that are only meaningful within their item, or that the client generates (openai 7.59). */
const harmlessIds: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'caller_id',
  'item_id',
  'approval_request_id',
  'continuation_id',
]);

const addressKey = /(?:^|_)ur[il]s?$|Ur[il]s?$|UR[IL]s?$/;
const idKey = /_ids?$|Ids?$|IDs?$|^ids$/;
/**
 * Matches the last letter of each key that `addressKey` or `idKey` matches. Nearly all other keys of a body end
 * differently and need no other test.
 */
const lastLetters = /[dilsDLI]$/;

/**
 * Returns the kind of object that a key refers to; undefined if it refers to nothing. It tests the form of the key, so
 * that a new key of the API is not accepted automatically.
 */
export function referredKind(key: string): ReferredKind | undefined {
  const kind = named.get(key);
  if (kind !== undefined || !lastLetters.test(key)) return kind;
  if (addressKey.test(key)) return 'url';
  return idKey.test(key) && !harmlessIds.has(key) ? 'item' : undefined;
}

/** Whether a key may have several values. For other keys a list is refused, because its values could not be checked. */
export function isPlural(key: string): boolean {
  return key.endsWith('s');
}

/**
 * Keys whose strings are texts, code or base64. The API passes them to the model or shows them, and never resolves
 * them, regardless of their content.
 */
const contentKeys: ReadonlySet<string> = new Set([
  'arguments',
  'cmd',
  'code',
  'command',
  'commands',
  'content',
  'delta',
  'description',
  'diff',
  'encrypted_content',
  'error',
  'filename',
  'input',
  'instructions',
  'logs',
  'message',
  'name',
  'output',
  'path',
  'pattern',
  'queries',
  'query',
  'quote',
  'reason',
  'refusal',
  'result',
  'revised_prompt',
  'stderr',
  'stdout',
  'summary',
  'text',
  'title',
  'token',
]);

/**
 * Matches the beginning of an address, after spaces and control characters, including addresses that only lenient
 * parsers accept (`http:host`, `//host`, `https%3A…`).
 */
const address =
  /^[^!-\u{10ffff}]*(?:[a-z][a-z0-9+.-]*(?::|%3a)(?:\/|\\|%2f|%5c){2}|(?:https?|ftps?|wss?|file|gs|s3|blob)(?::|%3a)|[\\/]{2}[\w[%])/iu;

/** Whether a string under this key is an address that something could fetch. */
export function isAddress(key: string, value: string): boolean {
  return !contentKeys.has(key) && address.test(value);
}
