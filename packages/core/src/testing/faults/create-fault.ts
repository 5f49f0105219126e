import type { Target } from './target.ts';

/** A create that the server handles in an unusual way. */
export type CreateFault =
  /** A background create without `stream` gets status 202 instead of 200. Always. */
  | ({ readonly fault: '202-create' } & Target)
  /** `background: true` is ignored: the create blocks until the response is done, and echoes `background: false`. Always. */
  | ({ readonly fault: 'ignore-background' } & Target)
  /** A foreground create returns immediately with `in_progress`; the response can be polled. */
  | ({ readonly fault: 'in-progress-foreground' } & Target)
  /** The response is not stored and echoes `store: false`, regardless of the request. Always. */
  | ({ readonly fault: 'store-false-echo' } & Target)
  /** The model has no reasoning: `include: ["reasoning.encrypted_content"]` gets 400. Always. */
  | ({ readonly fault: 'no-reasoning-include' } & Target)
  /**
   * Azure: outputs that are chained to a background response get 400 "No tool call found", although GET shows the call.
   * Always.
   */
  | ({ readonly fault: 'azure-loses-calls' } & Target)
  /**
   * `previous_response_id` is accepted and ignored, as at Ollama. The response has null in its place. The model, which
   * gets only this create's own input, answers `text`. Always. @default 'Hello! How can I help you today?'
   */
  | ({ readonly fault: 'chain-ignored'; readonly text?: string } & Target)
  /**
   * HTTP 200, but the first and only event is `error`; without `stream`, the body is `{ error }`. No response is
   * created.
   */
  | ({
      readonly fault: 'error-event-first';
      /** @default 'server_error' */
      readonly code?: string;
      readonly message?: string;
      /** The form of the event: as sent by the API (nested), or as documented (flat). @default 'nested' */
      readonly form?: 'nested' | 'flat';
    } & Target)
  /** A create cannot chain to a response until `ms` after its end. Always. @default 2000 */
  | ({ readonly fault: 'previous-response-not-found-for'; readonly ms?: number } & Target);
