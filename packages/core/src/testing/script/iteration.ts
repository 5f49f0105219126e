import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';

/** A call that the scripted model makes. */
export interface ScriptedCall {
  /** The function's name. It need not be in the request's `tools`, because models invent tools. */
  readonly name: string;
  /** A string is sent verbatim, even if it is invalid JSON. Other values are sent as JSON. @default {} */
  readonly arguments?: JsonValue;
  /** @default `call_` and 24 random characters */
  readonly callId?: string;
  /** The namespace of a namespaced function. */
  readonly namespace?: string;
  /** The `call_id` of the `program` item that makes the call, for programmatic tool calling. */
  readonly caller?: string;
  /** The `async` field of the call. */
  readonly async?: boolean;
  /** The agent that makes the call (beta), such as `/root` or `/root/worker`. */
  readonly agent?: string;
}

/** A message of the scripted model before its answer. */
export interface ScriptedMessage {
  readonly text: string;
  /**
   * The message's phase; null for none. @default 'final_answer' if the model has phases (gpt-5.3 and later), else none
   */
  readonly phase?: 'commentary' | 'final_answer' | null;
  /** The agent that writes the message (beta). @default none */
  readonly agent?: string;
}

/**
 * The model's output in one response, in this order: reasoning, `messages`, `items`, the answer, the calls. An empty
 * iteration is a response that completes without output, which real servers send too.
 *
 * @example
 * { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }], queuedMs: 2000, runMs: 5000 }
 */
export interface Iteration {
  /** Adds a reasoning item before the rest. A string is its summary, in one part. */
  readonly reasoning?: boolean | string;
  /** The parts of the reasoning summary. Implies `reasoning`. */
  readonly summary?: readonly string[];
  /** Messages before the answer: commentary, or messages of other agents. */
  readonly messages?: readonly ScriptedMessage[];
  /**
   * Raw output items: `web_search_call`, `mcp_approval_request`, `program`, whole messages, or types that no client
   * knows. The emulator generates a missing `id`, and a missing `call_id` of a call.
   */
  readonly items?: readonly OutputItem[];
  readonly calls?: readonly ScriptedCall[];
  /** The assistant's answer. */
  readonly text?: string;
  /** The phase of `text` or `refusal`; null for none. @default 'final_answer' if the model has phases, else none */
  readonly phase?: ScriptedMessage['phase'];
  /** The text of a refusal, usually in place of `text`. */
  readonly refusal?: string;
  /**
   * Ends the response as `failed`, with HTTP 200. The other output of the iteration is streamed and stays in `output`.
   */
  readonly fail?: {
    readonly code: string;
    /** @default the API's message for the code */
    readonly message?: string;
    /** The value of `error.misalignment`: `{ error_type, detailed_explanation, steer }`. */
    readonly misalignment?: JsonObject;
  };
  /**
   * Ends the response as `incomplete` with this reason (`true`: `max_output_tokens`). Its last item has the status
   * `incomplete` too, unless it is reasoning. No text is truncated.
   */
  readonly incomplete?: boolean | string;
  /** The `service_tier` of the response after it has run. @default the requested tier; 'default' for 'auto' */
  readonly serviceTier?: string;
  /** Overrides the usage that the emulator counts. */
  readonly usage?: JsonObject;
  /**
   * How long the response stays `queued`, in milliseconds (background only). It may be Infinity. @default half of the
   * `completion_window` of a discounted create, else the emulator's `queuedMs`
   */
  readonly queuedMs?: number;
  /** How long the response stays `in_progress`, in milliseconds. It may be Infinity. @default the emulator's `runMs` */
  readonly runMs?: number;
  /** The number of characters per delta in streams. @default about a word, like the real model's tokens */
  readonly deltaSize?: number;
}
