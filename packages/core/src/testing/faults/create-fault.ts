import type { Target } from './target.ts';

/** The server treats a create oddly. */
export type CreateFault =
  /** HTTP 202 instead of 200. Always. */
  | ({ readonly fault: '202-create' } & Target)
  /** `background: true` is ignored: the create blocks until the response is done, and echoes `background: false`. Always. */
  | ({ readonly fault: 'ignore-background' } & Target)
  /** A foreground create returns at once with `in_progress`; the response can be polled. */
  | ({ readonly fault: 'in-progress-foreground' } & Target)
  /** `store: false` is echoed, and meant, whatever was asked for. Always. */
  | ({ readonly fault: 'store-false-echo' } & Target)
  /** The model has no reasoning: `include: ["reasoning.encrypted_content"]` gets 400. Always. */
  | ({ readonly fault: 'no-reasoning-include' } & Target)
  /** Azure: chained to a background response, outputs get 400 "No tool call found", although GET shows the call. Always. */
  | ({ readonly fault: 'azure-loses-calls' } & Target)
  /**
   * `previous_response_id` is accepted and not used, as at Ollama: the echo is null, and the model, which sees this
   * create's own input alone, answers `text`. Always. @default 'Hello! How can I help you today?'
   */
  | ({ readonly fault: 'chain-ignored'; readonly text?: string } & Target)
  /** HTTP 200, but the first and only event is `error`; the body `{ error }` of a create without `stream`. Nothing is made. */
  | ({
      readonly fault: 'error-event-first';
      /** @default 'server_error' */
      readonly code?: string;
      readonly message?: string;
      /** The event as on the wire, or as documented. @default 'nested' */
      readonly form?: 'nested' | 'flat';
    } & Target)
  /** For `ms` after its end a response cannot be chained to. Always. @default 2000 */
  | ({ readonly fault: 'previous-response-not-found-for'; readonly ms?: number } & Target);
