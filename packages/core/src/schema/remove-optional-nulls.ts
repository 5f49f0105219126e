import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { dereference } from './dereference.ts';
import { constantsOf, listOf, namesOf, typeOf, typesOf } from './json-types.ts';

/** The result of reading a value by one schema: the value without the nulls that mean "left out". */
interface Reading {
  readonly value: JsonValue;
  /** Measures how badly the value fits. The branch of a union with the lowest cost is used. */
  readonly cost: number;
}

/** A wrong constant costs most, because constants discriminate. A removed null only decides between equal costs. */
const cost = { wrongConstant: 1000, misfit: 1, removedNull: 1e-6 };

/**
 * Removes each `null` that the model wrote for an omitted property because strict mode requires all properties. A
 * `null` is removed only if the user's `schema` makes the property optional and does not accept null. All other nulls
 * stay, because they may have a meaning (agent-framework 7108). `value` is not changed.
 */
export function removeOptionalNulls(value: JsonValue, schema: JsonObject): JsonValue {
  return readBy(schema, value, schema, new Map()).value;
}

/** Whether the schema accepts `null`. */
export function acceptsNull(schema: JsonValue | undefined, root: JsonObject): boolean {
  return readBy(schema, null, root, new Map()).cost === 0;
}

/** The results so far. Without them, a recursive union would read a value 2^depth times. */
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
  // A placeholder for a schema that is a branch of itself.
  known.set(value, { value, cost: Number.POSITIVE_INFINITY });

  const types = typesOf(rule);
  const constants = constantsOf(rule);
  let total = types.length === 0 || types.includes(typeOf(value)) ? 0 : cost.misfit;
  if (constants.length > 0 && !constants.includes(JSON.stringify(value))) total += cost.wrongConstant;
  let meant = value;
  // An unchanged value stays the same object. Otherwise, a part of `allOf` that refers back here would never end.
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
    // `fromEntries` and `hasOwn`, because names may be `__proto__` and `constructor`.
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
