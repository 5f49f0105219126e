import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { constantsOf, listOf, namesOf, typeOf, typesOf } from './json-types.ts';

/** A value as one schema reads it: without the nulls that mean "left out" by it. */
interface Reading {
  readonly value: JsonValue;
  /** How badly the value fits. Of a union's branches the cheapest counts. */
  readonly cost: number;
}

/** A wrong constant outweighs all else, as it is what discriminates; a removed null only decides between equals. */
const cost = { wrongConstant: 1000, misfit: 1, removedNull: 1e-6 };

/**
 * What the model meant, where strict mode made it write `null` for "left out": a `null` is removed exactly where
 * `schema`, the user's own, makes the property optional and does not itself accept null. Every other null stays, as
 * it may carry a meaning (agent-framework 7108). `value` is not changed.
 */
export function removeOptionalNulls(value: JsonValue, schema: JsonObject): JsonValue {
  return readBy(schema, value, schema, new Map()).value;
}

/** Whether `null` is a value of the schema. */
export function acceptsNull(schema: JsonValue | undefined, root: JsonObject): boolean {
  return readBy(schema, null, root, new Map()).cost === 0;
}

/** Each value is read once by each schema: a recursive union would otherwise be read in 2^depth ways. */
type Readings = Map<JsonObject, Map<JsonValue, Reading>>;

function readBy(
  schema: JsonValue | undefined,
  value: JsonValue,
  root: JsonObject,
  readings: Readings,
): Reading {
  const rule = dereference(schema, root);
  if (!isJsonObject(rule)) return { value, cost: rule === false ? cost.misfit : 0 };
  const known = readings.get(rule) ?? new Map<JsonValue, Reading>();
  readings.set(rule, known);
  const found = known.get(value);
  if (found !== undefined) return found;
  // Stands in where a schema that is a branch of itself asks for its own reading.
  known.set(value, { value, cost: Number.POSITIVE_INFINITY });

  const types = typesOf(rule);
  const constants = constantsOf(rule);
  let total = types.length === 0 || types.includes(typeOf(value)) ? 0 : cost.misfit;
  if (constants.length > 0 && !constants.includes(JSON.stringify(value))) total += cost.wrongConstant;
  let meant = value;
  // What lost nothing stays the same value: a part of `allOf` that leads back here would be read for ever otherwise.
  let changed = false;

  function read(part: JsonValue, by: JsonValue | undefined): Reading {
    return readBy(by, part, root, readings);
  }
  function take(reading: Reading, part: JsonValue): JsonValue {
    total += reading.cost;
    changed ||= reading.value !== part;
    return reading.value;
  }

  for (const union of [rule.anyOf, rule.oneOf]) {
    const [first, ...others] = listOf(union).map((branch) => read(meant, branch));
    if (first)
      meant = take(
        others.reduce((best, other) => (other.cost < best.cost ? other : best), first),
        meant,
      );
  }
  for (const part of listOf(rule.allOf)) meant = take(read(meant, part), meant);
  if (Array.isArray(meant)) {
    const first = listOf(rule.prefixItems);
    const items = meant.map((item, index) => take(read(item, first[index] ?? rule.items), item));
    if (changed) meant = items;
  } else if (isJsonObject(meant) && types.includes('object')) {
    const { properties, additionalProperties = false } = rule;
    const object = meant;
    const required = namesOf(rule.required);
    total += required.filter((name) => !Object.hasOwn(object, name)).length;
    // `fromEntries` and `hasOwn`, as names may be `__proto__` and `constructor`.
    const entries = Object.entries(object).flatMap(([name, part = null]) => {
      const declared = isJsonObject(properties) && Object.hasOwn(properties, name);
      const by = declared ? properties[name] : additionalProperties;
      const reading = read(part, by);
      if (part === null && declared && !required.includes(name) && reading.cost > 0) {
        total += cost.removedNull;
        changed = true;
        return [];
      }
      return [[name, take(reading, part)]];
    });
    if (changed) meant = Object.fromEntries(entries);
  }
  const reading = { value: meant, cost: total };
  known.set(value, reading);
  return reading;
}
