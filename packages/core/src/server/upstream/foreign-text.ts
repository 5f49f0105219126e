import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** One of FastAPI's validation errors: `{ loc, msg, type }`. */
function detailOf(value: JsonValue): string | undefined {
  return isJsonObject(value) ? (textOf(value['msg']) ?? textOf(value['message'])) : textOf(value);
}

/**
 * What an error says that has not OpenAI's shape: `{ "error": "text" }` (Ollama), `{ "detail": … }` (FastAPI),
 * `{ "message": … }` (gateways). Undefined where it says nothing.
 */
export function foreignText(body: JsonObject | undefined): string | undefined {
  const { error, detail, message } = body ?? {};
  const details: readonly JsonValue[] = Array.isArray(detail) ? detail : [];
  const listed = details.map(detailOf).filter((one) => one !== undefined);
  const said = textOf(error) ?? textOf(detail) ?? (listed.length > 0 ? listed.join('; ') : undefined);
  return said ?? (isJsonObject(detail) ? detailOf(detail) : undefined) ?? textOf(message);
}
