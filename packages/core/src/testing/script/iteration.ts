import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';

/** A call that the scripted model makes. */
export interface ScriptedCall {
  /** The function's name. A name that the request's `tools` lack is allowed: models do invent tools. */
  readonly name: string;
  /** A string is sent verbatim, broken JSON too; any other value as JSON. @default {} */
  readonly arguments?: JsonValue;
  /** @default `call_` and 24 random characters */
  readonly callId?: string;
  /** The namespace of a namespaced function. */
  readonly namespace?: string;
  /** `call_id` of the `program` item that makes the call, for programmatic tool calling. */
  readonly caller?: string;
  /** What the call's own `async` says. */
  readonly async?: boolean;
  /** Which of several agents makes it (beta): `/root`, `/root/worker`. */
  readonly agent?: string;
}

/** A message of the scripted model besides its answer. */
export interface ScriptedMessage {
  readonly text: string;
  /** null: none. @default 'final_answer' of a model that has phases (gpt-5.3 and later), else none */
  readonly phase?: 'commentary' | 'final_answer' | null;
  /** Which of several agents says it (beta). @default not said */
  readonly agent?: string;
}

/**
 * What the model produces in one response, in this order: reasoning, `messages`, `items`, the answer, the calls.
 * An empty iteration is a response that completes without output, which real servers have answered too.
 *
 * @example
 * { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }], queuedMs: 2000, runMs: 5000 }
 */
export interface Iteration {
  /** A reasoning item before the rest; a text is its summary, in one part. */
  readonly reasoning?: boolean | string;
  /** The parts of the reasoning summary. Implies `reasoning`. */
  readonly summary?: readonly string[];
  /** Messages before the answer: commentary, or what other agents say. */
  readonly messages?: readonly ScriptedMessage[];
  /**
   * Raw output items: `web_search_call`, `mcp_approval_request`, `program`, whole messages, or types that no client
   * knows. An `id` is made where it is missing, and a `call_id` for calls.
   */
  readonly items?: readonly OutputItem[];
  readonly calls?: readonly ScriptedCall[];
  /** The assistant's answer. */
  readonly text?: string;
  /** Phase of `text` or `refusal`. null: none. @default 'final_answer' of a model that has phases, else none */
  readonly phase?: ScriptedMessage['phase'];
  /** A message that refuses, in place of text. */
  readonly refusal?: string;
  /**
   * The response ends as `failed`, over HTTP 200. What the iteration produces besides is streamed, and stays in
   * `output`.
   */
  readonly fail?: {
    readonly code: string;
    /** @default the API's words for the code */
    readonly message?: string;
    /** What `error.misalignment` says: `{ error_type, detailed_explanation, steer }`. */
    readonly misalignment?: JsonObject;
  };
  /** The response ends as `incomplete` with this reason (`true`: `max_output_tokens`); its last item is cut off. */
  readonly incomplete?: boolean | string;
  /**
   * The service tier that the response says it was served by, once it has run. @default the one asked for; 'default'
   * for 'auto'
   */
  readonly serviceTier?: string;
  /** Overrides what the emulator counts. */
  readonly usage?: JsonObject;
  /** Milliseconds in `queued` (background only); Infinity: for ever. @default the emulator's `queuedMs` */
  readonly queuedMs?: number;
  /** Milliseconds in `in_progress`; Infinity: for ever. @default the emulator's `runMs` */
  readonly runMs?: number;
  /** Characters per delta in streams. @default pieces of about a word, like the real model's tokens */
  readonly deltaSize?: number;
}
