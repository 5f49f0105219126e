import { unknownFields } from './unrepresentable.ts';

type Fields = { readonly [name: string]: unknown };

/** The ranges of `z.int()` and the other number formats, by the name of the format. */
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  float32: [-3.4028234663852886e38, 3.4028234663852886e38],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE],
};

/** The formats that have another name in JSON Schema. */
const formats: Readonly<Record<string, string>> = {
  guid: 'uuid',
  url: 'uri',
  datetime: 'date-time',
  json_string: 'json-string',
};

/** The definitions of a schema's checks. A format such as `z.email()` is also its own first check. */
function checksOf(def: Fields): readonly Fields[] {
  const checks = Array.isArray(def['checks']) ? def['checks'] : [];
  const all = checks.map((check: unknown) =>
    unknownFields(unknownFields(unknownFields(check)['_zod'])['def']),
  );
  return 'check' in def ? [def, ...all] : all;
}

function valuesOf(checks: readonly Fields[], kind: string, field: string): readonly number[] {
  return checks.flatMap((check) => (check['check'] === kind ? Number(check[field]) : []));
}

/** Removes keywords with infinite numbers, which `Math.max` and `Math.min` return for empty lists. */
function finite(keywords: Readonly<Record<string, number>>): Fields {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => Number.isFinite(value)));
}

/** `minLength` and `maxLength` of a string, or `minItems` and `maxItems` of a list. */
export function checkedLength(def: Fields, unit: 'Length' | 'Items'): Fields {
  const checks = checksOf(def);
  const exact = valuesOf(checks, 'length_equals', 'length');
  return finite({
    [`min${unit}`]: Math.max(...exact, ...valuesOf(checks, 'min_length', 'minimum')),
    [`max${unit}`]: Math.min(...exact, ...valuesOf(checks, 'max_length', 'maximum')),
  });
}

/** The schema of a number. If there are two limits, the stricter one is used. */
export function checkedNumber(def: Fields): Fields {
  const checks = checksOf(def);
  const formatted = checks.map((check) => String(check['format']));
  const limits = (kind: string, isInclusive: boolean): readonly number[] =>
    valuesOf(
      checks.filter((check) => (check['inclusive'] === true) === isInclusive),
      kind,
      'value',
    );
  const minimum = Math.max(
    ...limits('greater_than', true),
    ...formatted.map((name) => ranges[name]?.[0] ?? -Infinity),
  );
  const maximum = Math.min(
    ...limits('less_than', true),
    ...formatted.map((name) => ranges[name]?.[1] ?? Infinity),
  );
  const above = Math.max(...limits('greater_than', false));
  const below = Math.min(...limits('less_than', false));
  const [multipleOf = 0, ...others] = new Set(valuesOf(checks, 'multiple_of', 'value').map(Math.abs));
  return {
    type: formatted.some((name) => name.includes('int')) ? 'integer' : 'number',
    ...finite(above >= minimum ? { exclusiveMinimum: above } : { minimum }),
    ...finite(below <= maximum ? { exclusiveMaximum: below } : { maximum }),
    ...(multipleOf > 0 && { multipleOf }),
    ...(others.length > 0 && { allOf: others.map((other) => ({ multipleOf: other })) }),
  };
}

/** The format and the patterns of a string. */
export function checkedText(def: Fields): Fields {
  const checks = checksOf(def).filter((check) => check['check'] === 'string_format');
  const name = String(checks.at(-1)?.['format'] ?? 'regex');
  // In JSON Schema, times have a zone and date-times have seconds. Other formats are omitted.
  const isOther =
    /^(regex|time)$/.test(name) || checks.some(({ local, precision }) => local === true || precision === -1);
  const encoding = checks.findLast(({ format }) => String(format).startsWith('base64'))?.['format'];
  const patterns = checks.flatMap(({ pattern }) => (pattern instanceof RegExp ? pattern.source : []));
  const [pattern, ...others] = new Set(patterns);
  return {
    ...(!isOther && { format: formats[name] ?? name }),
    ...(encoding !== undefined && { contentEncoding: encoding }),
    ...(others.length > 0
      ? { allOf: [pattern, ...others].map((source) => ({ pattern: source })) }
      : pattern !== undefined && { pattern }),
  };
}
