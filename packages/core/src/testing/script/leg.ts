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
}

/**
 * What the model produces in one response, in this order: reasoning, `items`, the message, the calls.
 * An empty leg is a response that completes without output, which real servers have answered too.
 *
 * @example
 * { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }], queuedMs: 2000, runMs: 5000 }
 */
export interface Leg {
  /** A reasoning item before the rest; a text is its summary, in one part. */
  readonly reasoning?: boolean | string;
  /** The parts of the reasoning summary. Implies `reasoning`. */
  readonly summary?: readonly string[];
  /** Raw output items: `web_search_call`, `mcp_approval_request`, `custom_tool_call`, or types nobody knows yet. An `id` is made where it is missing. */
  readonly items?: readonly OutputItem[];
  readonly calls?: readonly ScriptedCall[];
  /** The assistant's message. */
  readonly text?: string;
  /** A message that refuses, in place of text. */
  readonly refusal?: string;
  /** The response ends as `failed`, over HTTP 200. What the leg produces besides is streamed, and stays in `output`. */
  readonly fail?: { readonly code: string; readonly message?: string };
  /** The response ends as `incomplete` with this reason (`true`: `max_output_tokens`); its last item is cut off. */
  readonly incomplete?: boolean | string;
  /** Overrides what the emulator counts. */
  readonly usage?: JsonObject;
  /** Milliseconds in `queued` (background only); Infinity: for ever. @default the emulator's `queuedMs` */
  readonly queuedMs?: number;
  /** Milliseconds in `in_progress`; Infinity: for ever. @default the emulator's `runMs` */
  readonly runMs?: number;
  /** Characters per delta in streams. @default pieces of about a word, like the real model's tokens */
  readonly deltaSize?: number;
}
