import type { Failure } from '../engine/policy/failure.ts';
import { longestMessage, thrownText } from '../errors/error-message.ts';
import { cut } from '../wire/cut.ts';
import { defined } from '../wire/defined.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import type { OutputItem } from '../wire/items.ts';
import type { Response, ResponseError } from '../wire/response.ts';
import { redacted } from '../wire/redacted.ts';
import type { Answer } from './send.ts';
import { wordOf } from '../wire/text-of.ts';

/** Shorter texts are words rather than secrets: replacing them would make errors unreadable. */
const shortest = 8;

/** Output items in which a server quotes what it was sent with hosted tools: their errors, their definitions. */
const quoting = /^mcp_|^tool_search_output$|^additional_tools$/;

type Scrub = (text: string) => string;

/** The text itself where it cannot be decoded. */
function decoded(text: string, decode: (text: string) => string): string {
  try {
    return decode(text);
  } catch {
    return text;
  }
}

/** Replaces each secret in a text; undefined where there is nothing to replace. */
function scrubberOf(secrets: readonly string[]): Scrub | undefined {
  const words = new Set(
    secrets.flatMap((secret) => {
      // A server may quote a part of what it was sent, decoded or encoded: a password, or a header in a text of JSON.
      const bare = secret.replace(/^(bearer|basic|token)\s+/i, '');
      const pair = /^basic\s/i.test(secret) ? decoded(bare, atob) : '';
      return [secret, bare, pair, pair.slice(pair.indexOf(':') + 1)].flatMap((word) => [
        word,
        decoded(word, decodeURIComponent),
        encodeURIComponent(word.toWellFormed()),
        JSON.stringify(word).slice(1, -1),
      ]);
    }),
  );
  // A secret may be a part of another: the longest first.
  const all = [...words].filter((word) => word.length >= shortest).toSorted((a, b) => b.length - a.length);
  if (all.length === 0) return undefined;
  return (text) => all.reduce((scrubbed, word) => scrubbed.replaceAll(word, redacted), text);
}

function scrubDeep(value: JsonValue, scrub: Scrub): JsonValue {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((part) => scrubDeep(part, scrub));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part = null]) => [key, scrubDeep(part, scrub)]));
}

function scrubItem(item: OutputItem, scrub: Scrub): OutputItem {
  if (!quoting.test(item.type)) return item;
  return { ...scrubObject(item, scrub), type: item.type };
}

function scrubFailure(failure: Failure, scrub: Scrub): Failure {
  const message = scrub(failure.message);
  if (failure.kind !== 'http') return { ...failure, message };
  const { code, type, param } = failure;
  const clean = (text: string | null): string | null => (text === null ? text : scrub(text));
  return { ...failure, message, code: clean(code), type: clean(type), param: clean(param) };
}

/** Characters that an error quotes, at most, of what is not the API's word. */
const mostQuoted = 400;

/** Texts are cut only once they are scrubbed: the half of a secret would stay. */
function shortened(failure: Failure): Failure {
  const { message } = failure;
  if (failure.kind !== 'http') return { ...failure, message: cut(message, longestMessage) };
  return failure.sender === 'api' ? failure : { ...failure, message: cut(message, mostQuoted) };
}

function scrubObject(object: JsonObject, scrub: Scrub): JsonObject {
  return fieldsOf(scrubDeep(object, scrub));
}

function scrubError({ code, message, param, misalignment }: ResponseError, scrub: Scrub): ResponseError {
  return {
    code: scrub(code),
    message: scrub(message),
    ...defined({
      param: param === undefined ? param : scrub(param),
      misalignment: misalignment && scrubObject(misalignment, scrub),
    }),
  };
}

function scrubResponse(response: Response, scrub: Scrub): Response {
  const { error, output, incompleteReason } = response;
  return {
    ...response,
    output: output.map((item) => scrubItem(item, scrub)),
    error: error && scrubError(error, scrub),
    incompleteReason: incompleteReason && scrub(incompleteReason),
  };
}

/** Fields in which an event, or the Response object in one, says what went wrong. */
const troubleFields = ['error', 'incomplete_details'] as const;

/** What a snapshot says of errors, and its output items. An event is read as one too: some gateways send it bare. */
function scrubSnapshot(snapshot: JsonObject, scrub: Scrub): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const field of troubleFields) {
    const trouble = snapshot[field];
    if (trouble !== undefined && trouble !== null) changed[field] = scrubDeep(trouble, scrub);
  }
  const { output } = snapshot;
  if (Array.isArray(output)) changed['output'] = output.map((one) => scrubAnyItem(one, scrub));
  return { ...snapshot, ...changed };
}

/** Fields of events in which there may be something to replace: most events are deltas, and have none of them. */
const readFields = [...troubleFields, 'output', 'response', 'item'] as const;

/**
 * What an event of a stream says of errors, wherever the engine reads one: whatever the event's type, in the event
 * itself, in its snapshot, in a hosted tool's item. Deltas of text pass untouched.
 */
function scrubEvent(event: unknown, scrub: Scrub): unknown {
  if (!isJsonObject(event)) return typeof event === 'string' ? scrub(event) : event;
  const { type, response, item } = event;
  // Its message and code may be its own fields.
  if (type === 'error') return { ...scrubObject(event, scrub), type };
  if (readFields.every((field) => event[field] === undefined)) return event;
  return {
    ...scrubSnapshot(event, scrub),
    ...defined({
      response: isJsonObject(response) ? scrubSnapshot(response, scrub) : response,
      item: item === undefined ? item : scrubAnyItem(item, scrub),
    }),
  };
}

function scrubAnyItem(item: JsonValue, scrub: Scrub): JsonValue {
  return isJsonObject(item) && quoting.test(wordOf(item['type'])) ? scrubDeep(item, scrub) : item;
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
function scrubCause(cause: unknown, scrub: Scrub): unknown {
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
      return { ...answer, response: scrubResponse(answer.response, scrub) };
    case 'stream':
      return { ...answer, events: scrubStream(answer.events, scrub) };
    case 'failure':
      return {
        ...answer,
        failure: shortened(scrubFailure(answer.failure, scrub)),
        cause: scrubCause(answer.cause, scrub),
      };
  }
}
