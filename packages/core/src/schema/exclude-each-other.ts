import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { constantsOf, listOf, namesOf, typesOf } from './json-types.ts';

/** How far down a discriminator is looked for: recursive schemas have no bottom. */
const maxDepth = 3;

/**
 * Whether no value fits both schemas: their types or constants differ, or those of a property that both require (a
 * discriminator). Only then does `anyOf`, which is all that strict mode has, mean the same as `oneOf`.
 */
export function excludeEachOther(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  root: JsonObject,
  depth = 0,
): boolean {
  const a = dereference(left, root);
  const b = dereference(right, root);
  if (!isJsonObject(a) || !isJsonObject(b) || depth > maxDepth) return false;
  const branches = listOf(a.anyOf ?? a.oneOf);
  if (branches.length > 0) return branches.every((branch) => excludeEachOther(branch, b, root, depth));
  if (b.anyOf ?? b.oneOf) return excludeEachOther(b, a, root, depth);
  return (
    areDisjoint(constantsOf(a), constantsOf(b)) ||
    areDisjoint(typesOf(a), typesOf(b)) ||
    namesOf(a.required).some(
      (name) =>
        namesOf(b.required).includes(name) &&
        excludeEachOther(propertyOf(a, name), propertyOf(b, name), root, depth + 1),
    )
  );
}

function areDisjoint(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && right.length > 0 && !left.some((value) => right.includes(value));
}

function propertyOf({ properties }: JsonObject, name: string): JsonValue | undefined {
  return isJsonObject(properties) ? properties[name] : undefined;
}
