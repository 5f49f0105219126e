import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import { isJsonObject, fieldsOf, type JsonValue } from '../wire/json.ts';

const dates =
  'write `z.iso.datetime()`; for a Date, `z.codec(z.iso.datetime(), z.date(), …)` or `.transform((text) => new Date(text))`';
const nothing = 'leave the property out with `.optional()`, or write `z.null()`';

/** What to write instead of a zod type, by its name in `_zod.def.type`. */
const advice: Readonly<Record<string, string>> = {
  date: dates,
  bigint: 'write `z.string()` for the digits, and `.transform(BigInt)` for a bigint',
  literal: 'write a literal of text, a number, a boolean or null',
  map: 'write `z.array(z.object({ key: …, value: … }))`',
  set: 'write `z.array(…)`',
  symbol: 'write `z.string()` or `z.enum([…])`',
  undefined: nothing,
  void: nothing,
  nan: 'write `z.number()`, or `z.null()` for no number',
  custom:
    'write the type that the model writes, and check it with `.refine(…)` or make it with `.transform(…)`',
  transform: 'begin with what the model writes: `z.string().transform(…)`',
  function: 'leave it out: a model writes data',
  file: 'write `z.string()` for its text, or for its bytes as base64 (`z.base64()`)',
};

const other =
  'write a type that JSON has: text (dates in ISO form), a number, a boolean, null, a list, an object';

/** Where in a schema a type is that JSON cannot hold. */
export interface Unrepresentable {
  /** Below the root, as `.a.d[]`. */
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
 * The types of a zod schema that JSON cannot hold. Asks zod (4.6 or later) for all of them: by itself it throws at the
 * first one, without saying where it is. Empty for other libraries, whose own error must do.
 */
export function unrepresentableIn({
  '~standard': standard,
}: StandardJSONSchemaV1): readonly Unrepresentable[] {
  const found: Unrepresentable[] = [];
  const note = (context: unknown): object => {
    const { path, zodSchema } = unknownFields(context);
    const { type } = unknownFields(unknownFields(unknownFields(zodSchema)['_zod'])['def']);
    found.push({ place: placeOf(Array.isArray(path) ? path : []), advice: advice[String(type)] ?? other });
    return {};
  };
  try {
    const libraryOptions = { unrepresentable: note };
    standard.jsonSchema.input({ target: 'draft-2020-12', libraryOptions });
  } catch {
    // A library that does not know the option fails as it did before.
  }
  return found;
}

/** Bytes, which zod writes as text with `contentEncoding: 'binary'`: no text that a model writes would ever be valid. */
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

/** What is wrong with a schema that a library could not write, in one sentence or several. */
export function explain(found: readonly Unrepresentable[], option: string, why: string): string {
  if (found.length === 0)
    return `cannot be written as JSON Schema${why}: ${other}; or pass \`{ jsonSchema, validate }\`.`;
  const places = found.map(({ place, advice: instead }) => `\`${option}${place}\`: ${instead}`);
  return `has types that JSON cannot hold${why}. ${places.join('. ')}.`;
}

function unknownFields(value: unknown): { readonly [name: string]: unknown } {
  return fieldsOf(value);
}
