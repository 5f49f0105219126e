import { defined } from '../wire/defined.ts';
import { keep } from './keep.ts';
import type { MessagePart, Part } from './part.ts';

type PartOf<Type extends Part['type']> = Extract<Part, { readonly type: Type }>;
/** The fields of a part except its type and its place. The value of an optional field may be undefined. */
type FieldsOf<P> = OrUndefined<Omit<P, 'type' | keyof MessagePart>>;
type OrUndefined<Fields> = {
  [Name in keyof Fields]: object extends Pick<Fields, Name> ? Fields[Name] | undefined : Fields[Name];
};

/** The place of a part. */
export type Place = OrUndefined<MessagePart>;

/**
 * Makes a part, or returns the part that was made of `source` before, if all its fields are identical. So a part that has
 * not changed is the same object in each view.
 *
 * @param source An object of a view. Objects of views never change.
 */
export function makePart<Type extends Part['type']>(
  source: object,
  type: Type,
  at: Place,
  fields: FieldsOf<PartOf<Type>>,
): PartOf<Type>;
export function makePart(source: object, type: string, at: Place, fields: object): object {
  return keep(source, at.key, defined({ type, ...fields, ...at }));
}
