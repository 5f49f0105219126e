import { defined } from './defined.ts';
import type { OutputItem } from './items.ts';
import { fieldsOf, isJsonObject, type JsonObject } from './json.ts';
import { isResponseId } from './response-id.ts';
import { textOf } from './text-of.ts';

export type TerminalResponseStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** The statuses of the OpenAI API reference; a server may send others, which count as not terminal (I10). */
export type ResponseStatus = 'queued' | 'in_progress' | TerminalResponseStatus;

export interface ResponseError {
  /** Open-ended: `server_error`, `rate_limit_exceeded`, `insufficient_quota`, … */
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly misalignment?: JsonObject;
}

/** A Response object, reduced to what Longhaul reads. `raw` facts beyond that are not kept. */
export interface Response {
  readonly id: string;
  readonly status: string;
  readonly output: readonly OutputItem[];
  readonly error: ResponseError | null;
  /** `max_output_tokens`, `content_filter`, … of an incomplete response. */
  readonly incompleteReason: string | null;
  readonly usage: JsonObject | null;
  /** The tier that served it, and what its hosted tools cost; absent where the server does not say. */
  readonly serviceTier?: string;
  readonly toolUsage?: JsonObject;
  /** The flags as the server echoed them; undefined where it did not. */
  readonly background: boolean | undefined;
  readonly store: boolean | undefined;
  /** What the server says it continued from: null where it says that it continued from nothing; undefined where it does not say. */
  readonly previousResponseId?: string | null | undefined;
}

export function isTerminal(status: string): status is TerminalResponseStatus {
  return status === 'completed' || status === 'incomplete' || status === 'failed' || status === 'cancelled';
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** An item needs a type to be handled at all; anything else in `output` is dropped (I10). */
function readOutput(value: unknown): readonly OutputItem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item: unknown): item is OutputItem => isJsonObject(item) && typeof item['type'] === 'string',
  );
}

function readError(value: unknown): ResponseError | null {
  if (!isJsonObject(value)) return null;
  const { code: given, type } = value;
  // Gateways give an HTTP status as a number, or a type alone.
  const code = typeof given === 'number' ? String(given) : (textOf(given) ?? textOf(type) ?? 'unknown');
  // Some gateways send empty messages: the code is all there is to show then.
  const { message, param, misalignment } = value;
  return {
    code,
    message: textOf(message) ?? code,
    ...defined({
      param: textOf(param),
      misalignment: isJsonObject(misalignment) ? misalignment : undefined,
    }),
  };
}

const statuses: readonly unknown[] = [
  'queued',
  'in_progress',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
];

/**
 * Whether JSON with an id is a Response object. Other JSON has ids and statuses too: a gateway's own answer names its
 * request. A server may leave fields out or empty (I10), but not all that tells a response from those.
 */
function isResponse(id: string, { object, status, output, background, usage }: JsonObject): boolean {
  const kind = textOf(object);
  if (kind === 'response') return true;
  const signs = [
    statuses.includes(status),
    Array.isArray(output),
    typeof background === 'boolean',
    isJsonObject(usage),
    /^resp[_-]/.test(id),
  ];
  // Another name speaks against it, but servers and gateways name things as they like.
  return signs.filter(Boolean).length >= (kind === undefined ? 2 : 4);
}

/**
 * Reads what claims to be a Response object, tolerantly (I10). Undefined where there is no id to poll by, or nothing
 * that a response has: the caller decides what that means. A missing status reads as `unknown`, which is not terminal.
 */
export function readResponse(body: unknown): Response | undefined {
  const fields = fieldsOf(body);
  const { id: name, status, output, error, incomplete_details, usage, background, store } = fields;
  const { previous_response_id: previous, service_tier, tool_usage } = fields;
  const id = textOf(name);
  if (id === undefined || !isResponseId(id) || !isResponse(id, fields)) return undefined;
  return {
    id,
    status: textOf(status) ?? 'unknown',
    output: readOutput(output),
    error: readError(error),
    incompleteReason: textOf(fieldsOf(incomplete_details)['reason']) ?? null,
    usage: isJsonObject(usage) ? usage : null,
    ...defined({
      serviceTier: textOf(service_tier),
      toolUsage: isJsonObject(tool_usage) ? tool_usage : undefined,
    }),
    background: flag(background),
    store: flag(store),
    previousResponseId: previous === null ? null : textOf(previous),
  };
}
