import { fieldsOf } from '../wire/json.ts';

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

/** What to write instead of a zod type. */
export function adviceFor(type: string): string {
  return advice[type] ?? other;
}

/** Where in a schema a type is that JSON cannot hold. */
export interface Unrepresentable {
  /** zod's name of the type. */
  readonly type: string;
  /** Below the root, as `.a.d[]`. */
  readonly place: string;
  readonly advice: string;
}

/** What is wrong with a schema that a library could not write, in one sentence or several. */
export function explain(found: readonly Unrepresentable[], option: string, why: string): string {
  if (found.length === 0)
    return `cannot be written as JSON Schema${why}: ${other}; or pass \`{ jsonSchema, validate }\`.`;
  const places = found.map(({ place, advice: instead }) => `\`${option}${place}\`: ${instead}`);
  return `has types that JSON cannot hold${why}. ${places.join('. ')}.`;
}

export function unknownFields(value: unknown): { readonly [name: string]: unknown } {
  return fieldsOf(value);
}
