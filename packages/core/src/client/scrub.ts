import type { Failure } from '../engine/policy/failure.ts';
import { longestMessage, thrownText } from '../errors/error-message.ts';
import { cut } from '../wire/cut.ts';
import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { mapFields, mapParts } from '../wire/map-fields.ts';
import { redacted, searchableSecrets } from '../wire/secret-values.ts';
import type { Answer } from './answer.ts';

/** Texts with fewer characters count as words, not as secrets. If they were replaced, errors would be unreadable. */
const minSecretLength = 8;

/**
 * Output items that the model writes, or that must be sent again unchanged. In all other items a server may quote the
 * secrets of hosted tools: in errors, definitions and logs.
 */
const verbatim = /^(message|reasoning|compaction|program|(function|custom_tool)_call|mcp_approval_request)$/;

export type Scrub = (text: string) => string;

/** The decoded text, or the text itself if it cannot be decoded. */
function decoded(text: string, decode: (text: string) => string): string {
  try {
    return decode(text);
  } catch {
    return text;
  }
}

/** The last result of `scrubberOf`. Most requests of a process have the same secrets. */
let latest: { readonly secrets: readonly string[]; readonly scrub: Scrub | undefined } | undefined;

/** Returns a function that replaces each secret in a text. Undefined if there are no secrets. */
export function scrubberOf(secrets: readonly string[]): Scrub | undefined {
  const isSame =
    latest?.secrets.length === secrets.length && latest.secrets.every((one, n) => one === secrets[n]);
  if (latest === undefined || !isSame) latest = { secrets: [...secrets], scrub: newScrubber(secrets) };
  return latest.scrub;
}

function newScrubber(secrets: readonly string[]): Scrub | undefined {
  const words = new Set(
    secrets.flatMap((secret) => {
      // A server may quote a part of a secret, decoded or encoded: a header without its scheme, a password, one cookie
      // of many, a header inside JSON.
      const bare = secret.replace(/^[\w-]+\s+/, '');
      const pair = /^basic\s/i.test(secret) ? decoded(bare, atob) : '';
      // A part of a header may be a plain word, which is not a secret.
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
  // One secret may be a part of another, so the longest is replaced first.
  const all = [...words]
    .filter((word) => word.length >= minSecretLength)
    .toSorted((a, b) => b.length - a.length);
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
  // The engine identifies an item by its type.
  return { ...scrubObject(item, scrub), type: item['type'] };
}

/** The maximum number of characters that an error quotes of an answer that is not from the API. */
const maxQuotedCharacters = 400;

/** Shortens a message. Call it only after scrubbing, because half a secret would not be found. */
function shortened(failure: Failure): Failure {
  const { message } = failure;
  if (failure.kind !== 'http') return { ...failure, message: cut(message, longestMessage) };
  return failure.sender === 'api' ? failure : { ...failure, message: cut(message, maxQuotedCharacters) };
}

/** The fields of answers, stream events and Response objects that describe an error. */
const errorFields: readonly string[] = ['error', 'incomplete_details', 'incompleteReason'];

/** The fields of events that may contain secrets. Most events are deltas, which have none of these fields. */
const scrubbedFields: readonly string[] = [...errorFields, 'output', 'response', 'item'];

/** Scrubs a field of a snapshot, or of an event, because some gateways send a snapshot that is not inside an event. */
function scrubField(value: JsonValue, field: string, scrub: Scrub): JsonValue {
  if (errorFields.includes(field)) return scrubDeep(value, scrub);
  if (field === 'item') return scrubItem(value, scrub);
  if (field === 'output' && Array.isArray(value))
    return value.map((item: JsonValue) => scrubItem(item, scrub));
  return field === 'response' && isJsonObject(value) ? scrubFields(value, scrub) : value;
}

function scrubFields<Fields extends object>(snapshot: Fields, scrub: Scrub): Fields {
  return mapFields(snapshot, (value, field) => scrubField(value, field, scrub));
}

/**
 * Scrubs the places of a stream event where the engine reads errors: the event itself, its snapshot, and the items of
 * hosted tools, for any event type. Text deltas are not changed.
 */
function scrubEvent(event: unknown, scrub: Scrub): unknown {
  if (!isJsonObject(event)) return typeof event === 'string' ? scrub(event) : event;
  const { type } = event;
  // An error event may have its message and code at the top level.
  if (type === 'error') return { ...scrubObject(event, scrub), type };
  return scrubbedFields.some((field) => event[field] !== undefined) ? scrubFields(event, scrub) : event;
}

async function* scrubStream(
  batches: AsyncIterable<readonly unknown[]>,
  scrub: Scrub,
): AsyncIterable<readonly unknown[]> {
  try {
    for await (const batch of batches) yield batch.map((event) => scrubEvent(event, scrub));
  } catch (error) {
    // This error becomes the cause of the run's error.
    throw scrubCause(error, scrub);
  }
}

/** The maximum number of objects that are searched for secrets. An error with more is replaced by its message. */
const maxObjects = 500;

/** Whether a console would show a secret in a value: clients keep requests with their headers in errors. */
function quotesSecret(value: unknown, scrub: Scrub, seen: Set<unknown>): boolean {
  if (typeof value === 'string') return scrub(value) !== value;
  if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value))
    return false;
  if (seen.add(value).size > maxObjects) return true;
  const parts: unknown[] =
    value instanceof Headers
      ? [...value.values()]
      : ['headers', ...Object.getOwnPropertyNames(value)].map((name) => Reflect.get(value, name));
  return parts.some((part) => quotesSecret(part, scrub, seen));
}

/** Returns a thrown value. If it quotes a secret, returns an error with the same message without the secret. */
export function scrubCause(cause: unknown, scrub: Scrub): unknown {
  try {
    if (!quotesSecret(cause, scrub, new Set())) return cause;
  } catch {
    // A value that cannot be searched is not shown.
  }
  return new Error(scrub(thrownText(cause)));
}

/**
 * Replaces the secrets of the client and the request in the errors of an answer, and in its items of hosted tools.
 * Servers, proxies and error pages quote keys, and a run's errors are saved and shown.
 */
export function scrubAnswer(answer: Answer, secrets: readonly string[]): Answer {
  const scrub = scrubberOf(secrets);
  if (scrub === undefined)
    return answer.kind === 'failure' ? { ...answer, failure: shortened(answer.failure) } : answer;
  switch (answer.kind) {
    case 'response':
      return { ...answer, response: scrubFields(answer.response, scrub) };
    case 'deleted':
      return answer;
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
