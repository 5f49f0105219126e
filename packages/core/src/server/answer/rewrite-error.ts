import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { Rewriting } from './rewriting.ts';

async function cleanText(text: string, { names, secrets }: Rewriting): Promise<string> {
  return names.inText(await secrets.scrub(text));
}

/**
 * Every string of an error, names of fields included, without secrets and with the ids that the client knows. Gateways
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

/** Of an error's fields those of OpenAI's (openai 7.59): gateways add traces and account names of their own. */
const errorFields: readonly string[] = ['message', 'type', 'param', 'code', 'misalignment'];

/** A name that an explanation goes by: OpenAI's and those of gateways. No content of a model's has such a name. */
const saysWhy = /error|message|detail|reason|fault/i;

/** The fields that explain something, cleaned. `isContent` names those that are never looked at. */
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

/** Whether a field of an item or of an event explains nothing: it has content, a name or a number. */
export function isNoExplanation(name: string): boolean {
  return !saysWhy.test(name);
}

/** The API's error object, reduced to what OpenAI's clients read. */
export async function rewriteError(error: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const kept = Object.entries(error).filter(([name]) => errorFields.includes(name));
  const cleaned = await cleanTexts(Object.fromEntries(kept), rewriting);
  return isJsonObject(cleaned) ? cleaned : {};
}

/** An error that is an object, or whatever a server writes in its place. */
export async function rewriteErrorValue(
  error: JsonValue,
  rewriting: Rewriting,
): Promise<JsonValue | undefined> {
  return isJsonObject(error) ? rewriteError(error, rewriting) : cleanTexts(error, rewriting);
}
