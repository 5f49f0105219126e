import { fieldsOf, isJsonObject, type JsonValue } from '../wire/json.ts';
import type { WriteJsonSchema } from './json-schema-writers.ts';

const dates =
  'write `z.iso.datetime()`; for a Date, `z.codec(z.iso.datetime(), z.date(), …)` or `.transform((text) => new Date(text))`';
const nothing = 'leave the property out with `.optional()`, or write `z.null()`';

/** The alternative to each zod type that JSON cannot represent, by its name in `_zod.def.type`. */
const advice: Readonly<Record<string, string>> = {
  date: dates,
  bigint: 'write `z.string()` for the digits, and `.transform(BigInt)` for a bigint',
  literal: 'write a literal that is a string, a number, a boolean or null',
  map: 'write `z.array(z.object({ key: …, value: … }))`',
  set: 'write `z.array(…)`',
  symbol: 'write `z.string()` or `z.enum([…])`',
  undefined: nothing,
  void: nothing,
  nan: 'write `z.number()`, or `z.null()` for a missing number',
  custom:
    'write the type that the model sends, and check it with `.refine(…)` or convert it with `.transform(…)`',
  transform: 'start with the type that the model sends: `z.string().transform(…)`',
  function: 'remove it, because a model sends only data',
  file: 'write `z.string()` for its text, or `z.base64()` for its bytes',
};

const other =
  'write a type of JSON: a string (dates in ISO form), a number, a boolean, null, a list, an object';

/** A place in a schema whose type JSON cannot represent. */
export interface Unrepresentable {
  /** The path from the root, such as `.a.d[]`. */
  readonly place: string;
  readonly advice: string;
}

/** A path into JSON Schema as a path into the data: `properties`, `a`, `items` is `.a[]`. */
function placeOf(path: readonly unknown[]): string {
  let place = '';
  for (let index = 0; index < path.length; index += 1) {
    const step = String(path[index]);
    if (step === 'properties') place += `.${String(path[(index += 1)])}`;
    else if (step === 'items') place += '[]';
    else if (step === 'additionalProperties') place += '.*';
    else if (typeof path[index] === 'number' || /^\d+$/.test(step)) place += `[${step}]`;
    else place += `.${step}`;
  }
  return place;
}

/**
 * The types of a zod schema that JSON cannot represent. zod (4.6 or later) reports all of them with the option
 * `unrepresentable`. Without it, zod throws at the first one and does not name its place. Empty for other libraries,
 * which only have their own error.
 */
export function unrepresentableIn(write: WriteJsonSchema): readonly Unrepresentable[] {
  const found: Unrepresentable[] = [];
  const unrepresentable = (context: unknown): object => {
    const { path, zodSchema } = unknownFields(context);
    const { type } = unknownFields(unknownFields(unknownFields(zodSchema)['_zod'])['def']);
    found.push({ place: placeOf(Array.isArray(path) ? path : []), advice: advice[String(type)] ?? other });
    return {};
  };
  try {
    write({ target: 'draft-2020-12', libraryOptions: { unrepresentable } });
  } catch {
    // A library that does not know the option throws its own error again.
  }
  return found;
}

/**
 * The places of bytes in a schema. zod writes bytes as a string with `contentEncoding: 'binary'`, but no string that a
 * model writes is valid.
 */
export function binaryIn(
  schema: JsonValue | undefined,
  path: readonly string[] = [],
): readonly Unrepresentable[] {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => binaryIn(part, [...path, String(index)]));
  if (!isJsonObject(schema)) return [];
  if (schema['contentEncoding'] === 'binary' && path.at(-1) !== 'properties')
    return [{ place: placeOf(path), advice: advice['file'] ?? other }];
  return Object.entries(schema).flatMap(([key, part]) => binaryIn(part, [...path, key]));
}

/** Explains why a schema has no JSON Schema, and what to write instead. */
export function explain(found: readonly Unrepresentable[], option: string, why: string): string {
  if (found.length === 0)
    return `cannot be written as JSON Schema${why}: ${other}; or pass \`{ jsonSchema, validate }\`.`;
  const places = found.map(({ place, advice: instead }) => `\`${option}${place}\`: ${instead}`);
  return `has types that JSON cannot represent${why}. ${places.join('. ')}.`;
}

function unknownFields(value: unknown): { readonly [name: string]: unknown } {
  return fieldsOf(value);
}
