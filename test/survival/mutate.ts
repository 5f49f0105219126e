import type { JsonValue } from './json-value.ts';

type Random = () => number;

function pick<T>(values: readonly [T, ...T[]], random: Random): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { inner: value };
  return value;
}

/** A value that a server should not send. */
function odd(random: Random): JsonValue {
  return pick<() => JsonValue>(
    [
      () => null,
      () => true,
      () => 0,
      () => -1,
      () => 1.5,
      () => 1e308,
      () => Number.MAX_SAFE_INTEGER + 2,
      () => '',
      () => 'in_progress',
      () => 'completed',
      () => '\ud800 \u0000 \u2028 🚂',
      () => 'x'.repeat(100_000),
      () => '{"city":',
      () => [],
      () => [null, 1, 'a', { type: 'message' }, { type: 'function_call' }, []],
      () => ({}),
      () => ({ type: 'function_call', name: 7, call_id: {}, arguments: [] }),
      () => JSON.parse('{"__proto__":{"polluted":true},"constructor":null,"toString":1}'),
      () => nested(40),
      () => nested(2_000),
    ],
    random,
  )();
}

/** Replaces one place of a JSON value by an odd value, or removes it. */
function mutated(value: JsonValue, random: Random): JsonValue {
  if (typeof value !== 'object' || value === null || random() < 0.1) return odd(random);
  if (Array.isArray(value)) {
    const items: JsonValue[] = [...value];
    const at = Math.floor(random() * (items.length + 1));
    const fate = random();
    if (fate < 0.2) items.splice(at, 1);
    else if (fate < 0.36) items.splice(at, 0, items[0] ?? odd(random));
    else items[at] = at < items.length ? mutated(items[at] ?? null, random) : odd(random);
    return items;
  }
  const keys = Object.keys(value);
  const key = keys[Math.floor(random() * keys.length)] ?? 'status';
  const { [key]: child, ...rest } = value as { readonly [key: string]: JsonValue };
  if (random() < 0.25) return rest;
  return { ...rest, [key]: mutated(child ?? null, random) };
}

/** JSON text that has its top-level keys twice. The second values are mutated, and take effect. */
function twice(value: JsonValue, random: Random): string {
  const text = JSON.stringify(value);
  const again = JSON.stringify(mutated(value, random));
  return text.startsWith('{') && again.startsWith('{') ? `${text.slice(0, -1)},${again.slice(1)}` : text;
}

/** Replaces one value by a deeply nested one. It is inserted as text, because `JSON.stringify` can fail. */
function deepened(text: string, random: Random): string {
  const values = [...text.matchAll(/:("[^"]*"|\d+|null|true|\[\])/g)];
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) return text;
  const depth = random() < 0.5 ? 8_000 : 200_000;
  const [open, close] = random() < 0.5 ? ['[', ']'] : ['{"a":', '}'];
  const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
  return `${text.slice(0, value.index + 1)}${deep}${text.slice(value.index + value[0].length)}`;
}

/** Returns JSON text with an error in it, or other text. */
export function mutatedText(text: string, random: Random): string {
  const parsed = (): JsonValue => JSON.parse(text);
  return pick<() => string>(
    [
      () => JSON.stringify(mutated(parsed(), random)),
      () => JSON.stringify(mutated(parsed(), random)),
      () => JSON.stringify(mutated(mutated(mutated(parsed(), random), random), random)),
      () => twice(parsed(), random),
      () => deepened(text, random),
      () => text.slice(0, Math.floor(random() * text.length)),
      () => text.replace(/:(\d+)/, ':NaN'),
      () => text.replace(/:(\d+)/, ':1e999'),
      () => `\ufeff${text}`,
      () => `${text}${text}`,
      () => '<!doctype html><title>502</title><h1>Bad gateway</h1>',
      () => '',
      () => 'null',
    ],
    random,
  )();
}

/** Returns the bytes of a text, sometimes with bytes that are not valid UTF-8. */
export function mutatedBytes(text: string, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  if (random() < 0.8 || bytes.length === 0) return bytes;
  for (let count = 0; count < 3; count += 1) {
    bytes[Math.floor(random() * bytes.length)] = pick([0xff, 0xc0, 0x80, 0xf5, 0x00], random);
  }
  return bytes;
}

/** Returns a stream of events with one or more errors. */
export function mutatedStream(text: string, random: Random): string {
  const frames = text.split(/(?<=\n\n)/);
  const at = Math.floor(random() * frames.length);
  const inData = (frame: string): string =>
    frame.replace(
      /^data: (.*)$/m,
      (_line, data: string) => `data: ${mutatedText(data, random).replaceAll('\n', ' ')}`,
    );
  return pick<() => string>(
    [
      () => frames.map((frame, index) => (index === at ? inData(frame) : frame)).join(''),
      () => frames.map((frame) => (random() < 0.3 ? inData(frame) : frame)).join(''),
      () => frames.toSpliced(at, 1 + Math.floor(random() * 3)).join(''),
      () => [...frames.slice(0, at), ...frames.slice(Math.floor(random() * frames.length))].join(''),
      () => frames.toReversed().join(''),
      () => frames.slice(0, at).join(''),
      () => text.slice(0, Math.floor(random() * text.length)),
      () => text.replaceAll('\n\n', '\n'),
      () => text.replaceAll('data: ', pick(['data:', 'data', 'DATA: ', 'id: ', ': '], random)),
      () =>
        frames
          .map((frame) =>
            frame.replace(
              /"sequence_number":(\d+)/,
              (_all, n: string) =>
                `"sequence_number":${pick(['-1', '0', '1e12', '"3"', 'null', `${Number(n) * 2}`, `${Number(n)}.5`], random)}`,
            ),
          )
          .join(''),
      () => `${': keep-alive\n\n'.repeat(500)}${text}`,
      () => `${frames.slice(0, at).join('')}event: error\ndata: ${JSON.stringify(odd(random))}\n\n`,
      () => `retry: 1\nid: ${'9'.repeat(1_000)}\n${text}`,
      () => '',
    ],
    random,
  )();
}
