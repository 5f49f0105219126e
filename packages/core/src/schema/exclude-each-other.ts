import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { constantsOf, listOf, namesOf, typesOf } from './json-types.ts';

/** Pairs that were compared: recursive schemas have no bottom, and compare the same pairs over and over. */
type Verdicts = Map<JsonObject, Map<JsonObject, boolean>>;

/**
 * Whether no value fits both schemas: their types or constants differ, or those of a property that both require (a
 * discriminator). Only then does `anyOf`, which is all that strict mode has, mean the same as `oneOf`.
 */
export function excludeEachOther(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  root: JsonObject,
  verdicts: Verdicts = new Map(),
): boolean {
  const a = dereference(left, root);
  const b = dereference(right, root);
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const known = verdicts.get(a) ?? new Map<JsonObject, boolean>();
  verdicts.set(a, known);
  // Until something tells them apart, nothing does.
  if (!known.has(b)) known.set(b, false).set(b, compare(a, b, root, verdicts));
  return known.get(b) ?? false;
}

function compare(a: JsonObject, b: JsonObject, root: JsonObject, verdicts: Verdicts): boolean {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const branches = listOf(one.anyOf ?? one.oneOf);
    if (branches.length > 0)
      return branches.every((branch) => excludeEachOther(branch, other, root, verdicts));
  }
  return (
    areDisjoint(constantsOf(a), constantsOf(b)) ||
    areDisjoint(typesOf(a), typesOf(b)) ||
    namesOf(a.required).some(
      (name) =>
        namesOf(b.required).includes(name) &&
        excludeEachOther(propertyOf(a, name), propertyOf(b, name), root, verdicts),
    )
  );
}

function areDisjoint(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && right.length > 0 && !left.some((value) => right.includes(value));
}

function propertyOf({ properties }: JsonObject, name: string): JsonValue | undefined {
  return isJsonObject(properties) ? properties[name] : undefined;
}
