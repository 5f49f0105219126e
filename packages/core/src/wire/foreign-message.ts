import { isJsonObject, type JsonValue } from './json.ts';

function saidBy(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** FastAPI's `detail`: a text, one validation error `{ loc, msg, type }`, or a list of those. */
function detailOf(detail: JsonValue | undefined): string | undefined {
  if (!Array.isArray(detail)) return isJsonObject(detail) ? foreignMessage(detail) : saidBy(detail);
  const listed = detail.map(detailOf).filter((one) => one !== undefined);
  return listed.length > 0 ? listed.join('; ') : undefined;
}

/**
 * What a JSON error says that has not OpenAI's shape: `{ "error": "text" }` (Ollama), `{ "detail": … }` (FastAPI),
 * `{ "message": … }` (gateways), problem+json. Undefined where it says nothing.
 */
export function foreignMessage(body: JsonValue | undefined): string | undefined {
  if (!isJsonObject(body)) return saidBy(body);
  const { error, error_description: description, detail, message, msg, title, reason } = body;
  return (
    saidBy(error) ??
    detailOf(detail) ??
    [message, description, msg, title, reason].map(saidBy).find((said) => said !== undefined)
  );
}
