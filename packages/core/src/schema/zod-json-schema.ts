import { isJsonObject } from '../wire/json.ts';
import { adviceFor, type Unrepresentable, unknownFields } from './unrepresentable.ts';
import { checkedLength, checkedNumber, checkedText } from './zod-checks.ts';

type Schema = { readonly [keyword: string]: unknown };

/** The parts of a zod schema that zod documents for library authors: `_zod.def`, `_zod.optin` and `_zod.values`. */
function zodOf(schema: unknown): Schema {
  return unknownFields(unknownFields(schema)['_zod']);
}

function defOf(schema: unknown): Schema {
  return unknownFields(zodOf(schema)['def']);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether the input may omit the property. A transform and a catch accept a missing value, but do not declare it. */
function isOptional(schema: unknown): boolean {
  const def = defOf(schema);
  if (def['type'] === 'pipe' && defOf(def['in'])['type'] === 'transform') return isOptional(def['out']);
  return def['type'] === 'catch' ? isOptional(def['innerType']) : zodOf(schema)['optin'] !== undefined;
}

/** Whether the output of a schema differs from its input. Then a default, which is an output, is not a valid input. */
function isTransforming(schema: unknown): boolean {
  const { type, innerType } = defOf(schema);
  return type === 'pipe' || type === 'transform' || (innerType !== undefined && isTransforming(innerType));
}

/** Writes a union of plain types as a list of types. */
function anyOf(options: readonly Schema[]): Schema {
  const types = options.flatMap((option) => (Object.keys(option).join() === 'type' ? option['type'] : {}));
  const all = [...new Set(types)];
  if (!all.every((type) => typeof type === 'string')) return { anyOf: options };
  return { type: all.length === 1 ? all[0] : all };
}

function constants(values: readonly unknown[], isEnum: boolean): Schema {
  const types = new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  const type = types.size === 1 ? { type: [...types][0] } : {};
  if (values.length === 0) return { not: {} };
  return values.length === 1 && !isEnum ? { ...type, const: values[0] } : { ...type, enum: values };
}

/** Merges objects with different properties. In `allOf`, a closed object would refuse the other's properties. */
function intersection(parts: readonly Schema[]): Schema {
  const shapes = parts.map((part) => unknownFields(part['properties']));
  const names = shapes.flatMap((shape) => Object.keys(shape));
  const isPlain = parts.every(
    (part) =>
      part['type'] === 'object' &&
      Object.keys(part).every((keyword) => /^(type|properties|required)$/.test(keyword)),
  );
  if (!isPlain || new Set(names).size < names.length) return { allOf: parts };
  const required = parts.flatMap((part) => listOf(part['required']));
  return {
    type: 'object',
    properties: Object.assign({}, ...shapes),
    ...(required.length > 0 && { required }),
  };
}

/** The title, description and examples of a schema. All copies of zod share one registry for them. */
function metadataOf(schema: unknown): Schema {
  const registry: unknown = Reflect.get(globalThis, '__zod_globalRegistry');
  const get = unknownFields(registry)['get'];
  const found: unknown = typeof get === 'function' ? Reflect.apply(get, registry, [schema]) : undefined;
  const { id: _nameOfADefinition, ...metadata } = unknownFields(found);
  return metadata;
}

/**
 * The JSON Schema for the input of a zod schema that does not provide one, such as those of `zod/mini`. It equals the
 * result of `z.toJSONSchema(schema, { io: 'input' })`.
 */
export function zodJsonSchema(root: unknown): {
  readonly schema: Schema;
  readonly unrepresentable: readonly Unrepresentable[];
} {
  const unrepresentable: Unrepresentable[] = [];
  const open = new Set<unknown>();
  const names = new Map<unknown, string>();
  const definitions: Record<string, Schema> = {};

  function write(schema: unknown, place: string): Schema {
    if (open.has(schema) && !names.has(schema)) {
      names.set(schema, schema === root ? '#' : `#/$defs/__schema${names.size}`);
    }
    const name = names.get(schema);
    if (name !== undefined) return { $ref: name };
    open.add(schema);
    const written = { ...bodyOf(schema, place), ...metadataOf(schema) };
    open.delete(schema);
    const used = names.get(schema);
    if (used === undefined || schema === root) return written;
    definitions[used.slice('#/$defs/'.length)] = written;
    return { $ref: used };
  }

  function refuse(type: string, place: string): Schema {
    unrepresentable.push({ type, place, advice: adviceFor(type) });
    return {};
  }

  function writeAll(schemas: unknown, place: string): readonly Schema[] {
    return listOf(schemas).map((schema, index) => write(schema, `${place}[${index}]`));
  }

  function object(def: Schema, place: string): Schema {
    const shape = unknownFields(def['shape']);
    const properties = Object.entries(shape).map(([name, part]) => [name, write(part, `${place}.${name}`)]);
    const required = Object.keys(shape).filter((name) => !isOptional(shape[name]));
    const { catchall } = def;
    const isClosed = defOf(catchall)['type'] === 'never';
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
      ...(catchall !== undefined && {
        additionalProperties: isClosed ? false : write(catchall, `${place}.*`),
      }),
    };
  }

  function record({ keyType, valueType, partial }: Schema, place: string): Schema {
    const keys = zodOf(keyType)['values'];
    const required = keys instanceof Set && partial !== true && !isOptional(valueType) ? [...keys] : [];
    return {
      type: 'object',
      additionalProperties: write(valueType, `${place}.*`),
      ...(required.length > 0 && { required: required.map(String) }),
    };
  }

  function tuple(def: Schema, place: string): Schema {
    const { items, rest } = def;
    const prefixItems = writeAll(items, `${place}.prefixItems`);
    const least = 1 + listOf(items).findLastIndex((item) => !isOptional(item));
    return {
      type: 'array',
      prefixItems,
      ...(least > 0 && { minItems: least }),
      ...(rest ? { items: write(rest, `${place}[]`) } : { items: false, maxItems: prefixItems.length }),
      ...checkedLength(def, 'Items'),
    };
  }

  function literal(values: readonly unknown[], place: string): Schema {
    const isJson = values.every((value) => value !== undefined && typeof value !== 'bigint');
    return isJson ? constants(values, false) : refuse('literal', place);
  }

  function bodyOf(schema: unknown, place: string): Schema {
    const zod = zodOf(schema);
    const def = defOf(schema);
    const { innerType, defaultValue } = def;
    const type = String(def['type']);
    const { toJSONSchema: own } = zod;
    if (typeof own === 'function') return unknownFields(Reflect.apply(own, zod, []));
    switch (type) {
      case 'string':
        return { type, ...checkedLength(def, 'Length'), ...checkedText(def) };
      case 'number':
        return checkedNumber(def);
      case 'boolean':
      case 'null':
        return { type };
      case 'success':
        return { type: 'boolean' };
      case 'any':
      case 'unknown':
        return {};
      case 'never':
        return { not: {} };
      case 'enum':
        return constants(zod['values'] instanceof Set ? [...zod['values']] : [], true);
      case 'literal':
        return literal(listOf(def['values']), place);
      case 'template_literal':
        return { type: 'string', pattern: unknownFields(zod['pattern'])['source'] };
      case 'array':
        return { type, items: write(def['element'], `${place}[]`), ...checkedLength(def, 'Items') };
      case 'tuple':
        return tuple(def, place);
      case 'object':
        return object(def, place);
      case 'record':
        return record(def, place);
      case 'union': {
        const isExclusive = def['inclusive'] === false;
        const options = writeAll(def['options'], `${place}.${isExclusive ? 'oneOf' : 'anyOf'}`);
        return isExclusive ? { oneOf: options } : anyOf(options);
      }
      case 'intersection': {
        const parts = writeAll([def['left'], def['right']], `${place}.allOf`);
        return intersection(
          parts
            .flatMap((part) => (isJsonObject(part) && part.allOf ? listOf(part.allOf) : part))
            .map(unknownFields),
        );
      }
      case 'nullable':
        return anyOf([write(innerType, place), { type: 'null' }]);
      case 'default':
      case 'prefault': {
        const inner = write(innerType, place);
        return type === 'default' && isTransforming(innerType) ? inner : { ...inner, default: defaultValue };
      }
      case 'readonly':
        return { ...write(innerType, place), readOnly: true };
      case 'optional':
      case 'nonoptional':
      case 'catch':
      case 'promise':
        return write(innerType, place);
      case 'pipe':
        return write(defOf(def['in'])['type'] === 'transform' ? def['out'] : def['in'], place);
      case 'lazy':
        return write(zod['innerType'], place);
      default:
        return refuse(type, place);
    }
  }

  const schema = write(root, '');
  const hasDefinitions = Object.keys(definitions).length > 0;
  return { schema: hasDefinitions ? { ...schema, $defs: definitions } : schema, unrepresentable };
}
