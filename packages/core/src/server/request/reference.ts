/**
 * What a create can refer to that resolves under the server's key, or that OpenAI fetches or connects to.
 * `url` is an image or file elsewhere; `data:` URLs carry their content and refer to nothing.
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
