import type { Failure } from '../engine/policy/failure.ts';
import { longestMessage, thrownText } from '../errors/error-message.ts';
import { cut } from '../wire/cut.ts';
import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { mapFields, mapParts } from '../wire/map-fields.ts';
import { redacted, searchableSecrets } from '../wire/secret-values.ts';
import type { Answer } from './answer.ts';

/** Shorter texts are words rather than secrets: replacing them would make errors unreadable. */
const shortest = 8;

/**
 * Output items in which the model speaks, or that are sent again to the letter. In every other one a server may quote
 * what it was sent with hosted tools: in errors, definitions, logs.
 */
const verbatim = /^(message|reasoning|compaction|program|(function|custom_tool)_call|mcp_approval_request)$/;

export type Scrub = (text: string) => string;

/** The text itself where it cannot be decoded. */
function decoded(text: string, decode: (text: string) => string): string {
  try {
    return decode(text);
  } catch {
    return text;
  }
}

/** Replaces each secret in a text; undefined where there is nothing to replace. */
export function scrubberOf(secrets: readonly string[]): Scrub | undefined {
  const words = new Set(
    secrets.flatMap((secret) => {
      // A server may quote a part of what it was sent, decoded or encoded: what follows a header's scheme, a password, one
      // cookie of many, a header in a text of JSON.
      const bare = secret.replace(/^[\w-]+\s+/, '');
      const pair = /^basic\s/i.test(secret) ? decoded(bare, atob) : '';
      // One setting of many may be a word.
      const parts = bare
        .split(/[;,]\s*/)
        .flatMap((one) =>
          searchableSecrets(one, [one, one.slice(one.indexOf('=') + 1).replace(/^"|"$/g, '')]),
        );
      return [secret, bare, pair, pair.slice(pair.indexOf(':') + 1), ...parts].flatMap((word) => {
        const encoded = encodeURIComponent(word.toWellFormed());
        return [
          ...[word, encoded, encoded.replaceAll('%20', '+'), JSON.stringify(word).slice(1, -1)],
          ...[word, word.replaceAll('+', ' ')].map((text) => decoded(text, decodeURIComponent)),
        ];
      });
    }),
  );
  // A secret may be a part of another: the longest first.
  const all = [...words].filter((word) => word.length >= shortest).toSorted((a, b) => b.length - a.length);
  if (all.length === 0) return undefined;
  return (text) => all.reduce((scrubbed, word) => scrubbed.replaceAll(word, redacted), text);
}

function scrubDeep(value: JsonValue, scrub: Scrub): JsonValue {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  return mapParts(value, '', (part) => scrubDeep(part, scrub));
}

function scrubObject(object: JsonObject, scrub: Scrub): JsonObject {
  return mapFields(object, (value) => scrubDeep(value, scrub));
}

function scrubItem(item: JsonValue, scrub: Scrub): JsonValue {
  if (!isJsonObject(item) || verbatim.test(wordOf(item['type']))) return item;
  // The engine knows an item by its type.
  return { ...scrubObject(item, scrub), type: item['type'] };
}

/** Characters that an error quotes, at most, of what is not the API's word. */
const mostQuoted = 400;

/** Texts are cut only once they are scrubbed: the half of a secret would stay. */
function shortened(failure: Failure): Failure {
  const { message } = failure;
  if (failure.kind !== 'http') return { ...failure, message: cut(message, longestMessage) };
  return failure.sender === 'api' ? failure : { ...failure, message: cut(message, mostQuoted) };
}

/** Fields in which an answer, an event of a stream, or the Response object in one says what went wrong. */
const troubles: readonly string[] = ['error', 'incomplete_details', 'incompleteReason'];

/** Fields of events in which there may be something to replace: most events are deltas, and have none of them. */
const read: readonly string[] = [...troubles, 'output', 'response', 'item'];

/** What a snapshot says of errors, and its output items. An event is read as one too: some gateways send it bare. */
function scrubField(value: JsonValue, field: string, scrub: Scrub): JsonValue {
  if (troubles.includes(field)) return scrubDeep(value, scrub);
  if (field === 'item') return scrubItem(value, scrub);
  if (field === 'output' && Array.isArray(value))
    return value.map((item: JsonValue) => scrubItem(item, scrub));
  return field === 'response' && isJsonObject(value) ? scrubFields(value, scrub) : value;
}

function scrubFields<Fields extends object>(snapshot: Fields, scrub: Scrub): Fields {
  return mapFields(snapshot, (value, field) => scrubField(value, field, scrub));
}

/**
 * What an event of a stream says of errors, wherever the engine reads one: whatever the event's type, in the event
 * itself, in its snapshot, in a hosted tool's item. Deltas of text pass untouched.
 */
function scrubEvent(event: unknown, scrub: Scrub): unknown {
  if (!isJsonObject(event)) return typeof event === 'string' ? scrub(event) : event;
  const { type } = event;
  // Its message and code may be its own fields.
  if (type === 'error') return { ...scrubObject(event, scrub), type };
  return read.some((field) => event[field] !== undefined) ? scrubFields(event, scrub) : event;
}

async function* scrubStream(
  batches: AsyncIterable<readonly unknown[]>,
  scrub: Scrub,
): AsyncIterable<readonly unknown[]> {
  try {
    for await (const batch of batches) yield batch.map((event) => scrubEvent(event, scrub));
  } catch (error) {
    // How a connection broke is the cause of the run's error.
    throw scrubCause(error, scrub);
  }
}

/** Objects that are looked into, at most: what is larger is not shown. */
const mostSeen = 500;

/** Whether a value quotes a secret where a console shows it: clients keep requests in their errors, and headers in those. */
function quotes(value: unknown, scrub: Scrub, seen: Set<unknown>): boolean {
  if (typeof value === 'string') return scrub(value) !== value;
  if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value))
    return false;
  if (seen.add(value).size > mostSeen) return true;
  const parts: unknown[] =
    value instanceof Headers
      ? [...value.values()]
      : ['headers', ...Object.getOwnPropertyNames(value)].map((name) => Reflect.get(value, name));
  return parts.some((part) => quotes(part, scrub, seen));
}

/** What was thrown; where it quotes a secret, an error that says the same without it. */
export function scrubCause(cause: unknown, scrub: Scrub): unknown {
  try {
    if (!quotes(cause, scrub, new Set())) return cause;
  } catch {
    // What cannot be looked into cannot be shown either.
  }
  return new Error(scrub(thrownText(cause)));
}

/**
 * An answer as it may be saved and shown: what the client and the request know as secrets is replaced in every text
 * that says what went wrong. Servers, proxies and error pages quote keys, and a run's errors are saved and shown.
 */
export function scrubAnswer(answer: Answer, secrets: readonly string[]): Answer {
  const scrub = scrubberOf(secrets);
  if (scrub === undefined)
    return answer.kind === 'failure' ? { ...answer, failure: shortened(answer.failure) } : answer;
  switch (answer.kind) {
    case 'response':
      return { ...answer, response: scrubFields(answer.response, scrub) };
    case 'stream':
      return { ...answer, events: scrubStream(answer.events, scrub) };
    case 'failure':
      return {
        ...answer,
        failure: shortened(
          mapFields(answer.failure, (value, field) => (field === 'kind' ? value : scrubDeep(value, scrub))),
        ),
        cause: scrubCause(answer.cause, scrub),
      };
  }
}
