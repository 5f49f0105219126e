import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { Rewriting } from './rewriting.ts';

async function cleanText(text: string, { names, secrets }: Rewriting): Promise<string> {
  return names.inText(await secrets.redact(text));
}

/**
 * Cleans every string of an error, including field names: removes secrets and replaces ids with the client's. Gateways
 * quote keys anywhere.
 */
export async function cleanTexts(
  value: JsonValue | undefined,
  rewriting: Rewriting,
): Promise<JsonValue | undefined> {
  if (typeof value === 'string') return cleanText(value, rewriting);
  if (Array.isArray(value)) {
    const cleaned: JsonValue[] = [];
    for (const one of value) cleaned.push((await cleanTexts(one, rewriting)) ?? null);
    return cleaned;
  }
  if (!isJsonObject(value)) return value;
  const cleaned: [string, JsonValue | undefined][] = [];
  for (const [key, inner] of Object.entries(value))
    cleaned.push([await cleanText(key, rewriting), await cleanTexts(inner, rewriting)]);
  return Object.fromEntries(cleaned);
}

/** The fields of an OpenAI error (openai 7.59). Others are dropped, because gateways add traces and account names. */
const errorFields: readonly string[] = ['message', 'type', 'param', 'code', 'misalignment'];

/**
 * Matches the names of fields that explain a failure, at OpenAI and at gateways. No field with content of the model has
 * such a name.
 */
const saysWhy = /error|message|detail|reason|fault/i;

/** Returns the fields that explain a failure, cleaned. Omits null, and fields for which `isContent` returns true. */
export async function cleanFields(
  object: JsonObject,
  isContent: (name: string) => boolean,
  rewriting: Rewriting,
): Promise<JsonObject> {
  const cleaned: [string, JsonValue | undefined][] = [];
  for (const [name, value] of Object.entries(object))
    if (value !== null && !isContent(name)) cleaned.push([name, await cleanTexts(value, rewriting)]);
  return Object.fromEntries(cleaned);
}

/** Whether a field of an item or an event has content, a name or a number, and no explanation of a failure. */
export function isNoExplanation(name: string): boolean {
  return !saysWhy.test(name);
}

/** Returns the API's error object, reduced to the fields that OpenAI's clients read. */
export async function rewriteError(error: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const kept = Object.entries(error).filter(([name]) => errorFields.includes(name));
  const cleaned = await cleanTexts(Object.fromEntries(kept), rewriting);
  return isJsonObject(cleaned) ? cleaned : {};
}

/** Rewrites an error that is an object or another value. */
export async function rewriteErrorValue(
  error: JsonValue,
  rewriting: Rewriting,
): Promise<JsonValue | undefined> {
  return isJsonObject(error) ? rewriteError(error, rewriting) : cleanTexts(error, rewriting);
}
