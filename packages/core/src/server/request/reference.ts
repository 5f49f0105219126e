/**
 * The kinds of objects that a create can refer to: the API resolves them with the server's key, or fetches or connects
 * to them. `url` is the address of an image or a file; a `data:` URL contains its content and is not a reference.
 */
export type ReferenceKind =
  | 'item'
  | 'file'
  | 'conversation'
  | 'prompt'
  | 'vector_store'
  | 'container'
  | 'mcp_server'
  | 'connector'
  | 'skill'
  | 'url';
