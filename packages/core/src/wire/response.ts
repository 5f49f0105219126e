import { defined } from './defined.ts';
import type { OutputItem } from './items.ts';
import { fieldsOf, isJsonObject, textOf, type JsonObject } from './json.ts';
import { isResponseId } from './response-id.ts';

export type TerminalResponseStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** The statuses of the OpenAI API reference; a server may send others, which count as not terminal (I10). */
export type ResponseStatus = 'queued' | 'in_progress' | TerminalResponseStatus;

export interface ResponseError {
  /** Any text, such as `server_error`, `rate_limit_exceeded` or `insufficient_quota`. */
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly misalignment?: JsonObject;
}

/** A Response object, reduced to the fields that Longhaul reads. */
export interface Response {
  readonly id: string;
  readonly status: string;
  readonly output: readonly OutputItem[];
  readonly error: ResponseError | null;
  /** The reason of an incomplete response: `max_output_tokens`, `content_filter`, … */
  readonly incompleteReason: string | null;
  readonly usage: JsonObject | null;
  /** The tier that served the response; absent if the server does not send it. */
  readonly serviceTier?: string;
  /** The usage of hosted tools; absent if the server does not send it. */
  readonly toolUsage?: JsonObject;
  /** This flag and the next are those of the server's answer; undefined if the server does not send them. */
  readonly background: boolean | undefined;
  readonly store: boolean | undefined;
  /**
   * The previous response according to the server: null if it continued from none, undefined if the server does not
   * send the field.
   */
  readonly previousResponseId?: string | null | undefined;
  /** Milliseconds from the creation to the completion, by the server's clock. Absent unless the response completed. */
  readonly tookMs?: number;
}

export function isTerminal(status: string): status is TerminalResponseStatus {
  return status === 'completed' || status === 'incomplete' || status === 'failed' || status === 'cancelled';
}

/** The server's times are in seconds. */
function millisecondsBetween(from: unknown, to: unknown): number | undefined {
  return typeof from === 'number' && typeof to === 'number' && to >= from ? (to - from) * 1_000 : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** An item needs a type. Other values in `output` are dropped (I10). */
function readOutput(value: unknown): readonly OutputItem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item: unknown): item is OutputItem => isJsonObject(item) && typeof item['type'] === 'string',
  );
}

function readError(value: unknown): ResponseError | null {
  if (!isJsonObject(value)) return null;
  const { code: given, type } = value;
  // Gateways send an HTTP status as a number, or only a type.
  const code = typeof given === 'number' ? String(given) : (textOf(given) ?? textOf(type) ?? 'unknown');
  // Some gateways send empty messages, so only the code can be shown.
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
 * Whether JSON with an id is a Response object. Other JSON has ids and statuses too: a gateway's own answer has the id
 * of its request. A server may omit fields or leave them empty (I10), but not all fields that distinguish a response.
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
  // With any other `object`, more of these signs are needed. Servers and gateways use various values.
  return signs.filter(Boolean).length >= (kind === undefined ? 2 : 4);
}

/**
 * Reads a Response object tolerantly (I10). Undefined if it has no id for polling, or too few fields of a response. A
 * missing status is read as `unknown`, which is not terminal.
 */
export function readResponse(body: unknown): Response | undefined {
  const fields = fieldsOf(body);
  const { id: name, status, output, error, incomplete_details, usage, background, store } = fields;
  const { previous_response_id: previous, service_tier, tool_usage, created_at, completed_at } = fields;
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
      tookMs: millisecondsBetween(created_at, completed_at),
    }),
    background: flag(background),
    store: flag(store),
    previousResponseId: previous === null ? null : textOf(previous),
  };
}
