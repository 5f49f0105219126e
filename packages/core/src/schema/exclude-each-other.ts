import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { constantsOf, listOf, namesOf, typesOf } from './json-types.ts';

/** The maximum depth of nested unions. A union that is a branch of itself would never end. */
const maxDepth = 8;

/**
 * Whether it is certain that no value fits both schemas. Their types or constants must differ, or those of a property
 * that both require (a discriminator). Only then does `anyOf` mean the same as `oneOf`, which strict mode does not
 * accept.
 */
export function excludeEachOther(left: JsonValue, right: JsonValue, root: JsonObject): boolean {
  const others = branchesOf(right, root);
  return branchesOf(left, root).every((one) =>
    others.every(
      (other) =>
        differ(one, other) ||
        namesOf(one.required).some(
          (name) =>
            namesOf(other.required).includes(name) &&
            branchesOf(propertyOf(one, name), root).every((ours) =>
              branchesOf(propertyOf(other, name), root).every((theirs) => differ(ours, theirs)),
            ),
        ),
    ),
  );
}

/** The branches of a union, or the schema itself if it is not a union. */
function branchesOf(schema: JsonValue | undefined, root: JsonObject, depth = 0): readonly JsonObject[] {
  const target = dereference(schema, root);
  if (!isJsonObject(target) || depth > maxDepth) return [{}];
  const branches = listOf(target.anyOf ?? target.oneOf);
  return branches.length > 0 ? branches.flatMap((branch) => branchesOf(branch, root, depth + 1)) : [target];
}

function differ(one: JsonObject, other: JsonObject): boolean {
  return areDisjoint(constantsOf(one), constantsOf(other)) || areDisjoint(typesOf(one), typesOf(other));
}

function areDisjoint(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && right.length > 0 && !left.some((value) => right.includes(value));
}

function propertyOf({ properties }: JsonObject, name: string): JsonValue | undefined {
  return isJsonObject(properties) ? properties[name] : undefined;
}
