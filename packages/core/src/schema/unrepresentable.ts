import { fieldsOf } from '../wire/json.ts';

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

/** The advice for a type that a later version of zod has added. */
const unknownType =
  'this type of zod is unknown here: if `z.toJSONSchema` knows it, pass `z.toJSONSchema(schema, { io: "input" })`';

/** The alternative to a zod type that JSON cannot represent. */
export function adviceFor(type: string): string {
  return advice[type] ?? unknownType;
}

/** A type in a schema that JSON cannot represent. */
export interface Unrepresentable {
  /** zod's name of the type. */
  readonly type: string;
  /** The path from the root, such as `.a.d[]`. */
  readonly place: string;
  readonly advice: string;
}

/** Explains why a schema has no JSON Schema, and what to write instead. */
export function explain(found: readonly Unrepresentable[], option: string, why: string): string {
  if (found.length === 0)
    return `cannot be written as JSON Schema${why}: ${other}; or pass \`{ jsonSchema, validate }\`.`;
  const places = found.map(({ place, advice: instead }) => `\`${option}${place}\`: ${instead}`);
  return `has types that JSON cannot represent${why}. ${places.join('. ')}.`;
}

export function unknownFields(value: unknown): { readonly [name: string]: unknown } {
  return fieldsOf(value);
}
