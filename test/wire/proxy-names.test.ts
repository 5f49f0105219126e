import { describe, expect, test } from 'vitest';
import { checkTools } from '../../packages/core/src/server/request/check-tools.ts';
import { createFields, referringFields } from '../../packages/core/src/server/request/create-fields.ts';
import { hostedToolsFor } from '../../packages/core/src/server/request/hosted-tools.ts';
import { allowedItems } from '../../packages/core/src/server/request/input-items.ts';
import type { Json, JsonRecord } from '../conformance/recordings.ts';
import { differences } from './compare-names.ts';
import { openaiTypes } from './openai-types.ts';
import { refusedFields, refusedItems, refusedToolFields } from './proxy-refusals.ts';

const types = openaiTypes();
const who = 'the proxy';

/** A valid value for each field for which `true` is invalid. */
const samples: JsonRecord = {
  name: 'f',
  description: 'd',
  parameters: {},
  output_schema: {},
  format: { type: 'text' },
  allowed_callers: ['direct'],
  tools: [],
};

async function takes(type: string, field: string): Promise<boolean> {
  const value: Json | undefined = samples[field];
  const needed: JsonRecord = type === 'namespace' ? { name: 'f', tools: [] } : { name: 'f' };
  const tool = { type, ...needed, ...(value === undefined ? { [field]: true } : { [field]: value }) };
  try {
    await checkTools([tool], hostedToolsFor(new Map(), 'visitor'));
    return true;
  } catch {
    return false;
  }
}

describe("the proxy knows all names in openai's types, except those that `proxy-refusals.ts` lists", () => {
  test('request fields', () => {
    const api = types.fieldsOf('ResponseCreateParamsBase');
    const known = [...createFields.keys(), ...referringFields];
    expect(differences({ who, what: 'request field', api, known, excused: refusedFields })).toEqual([]);
  });

  test('input items', () => {
    const api = types.variantsOf('ResponseInputItem').flatMap((variant) => variant.types);
    const tools = types.variantsOf('Tool').flatMap((variant) => variant.types);
    const known = allowedItems(tools, []);
    expect(differences({ who, what: 'input item', api, known, excused: refusedItems })).toEqual([]);
  });

  test('fields of the tools that a client executes', async () => {
    const api: string[] = [];
    const known: string[] = [];
    for (const { types: names, fields } of types.variantsOf('Tool')) {
      for (const type of names.filter((name) => ['function', 'custom', 'namespace'].includes(name))) {
        for (const field of fields) {
          api.push(`${type}.${field}`);
          if (await takes(type, field)) known.push(`${type}.${field}`);
        }
      }
    }
    expect(differences({ who, what: 'tool field', api, known, excused: refusedToolFields })).toEqual([]);
  });
});
