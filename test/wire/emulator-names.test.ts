import { createEmulator, type Iteration } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import { outputItemTypes } from '../../packages/core/src/testing/stream/item-events.ts';
import { partFields } from '../../packages/core/src/testing/validation/content-parts.ts';
import {
  inputItemFields,
  withEveryItem,
} from '../../packages/core/src/testing/validation/input-item-fields.ts';
import { compactedFields } from '../../packages/core/src/testing/routes/compact.ts';
import { contextFields } from '../../packages/core/src/testing/validation/context-management.ts';
import { formatFields, nestedFields } from '../../packages/core/src/testing/validation/nested-fields.ts';
import { parameterKinds } from '../../packages/core/src/testing/validation/parameters.ts';
import { fieldsByToolType } from '../../packages/core/src/testing/validation/tool-fields.ts';
import { choices, includes } from '../../packages/core/src/testing/validation/values.ts';
import { differences } from './compare-names.ts';
import {
  clientFields,
  outputOnlyFields,
  unsentErrorFields,
  unsentEvents,
  unsentResponseFields,
  unsentUsageFields,
} from './emulator-omissions.ts';
import { isRecord, parseEvents, type JsonRecord } from '../conformance/recordings.ts';
import { openaiTypes, type Variant } from './openai-types.ts';

const types = openaiTypes();
const beta = openaiTypes(true);
const who = 'the emulator';

/** One item of each type that the emulator can stream. */
const everyItem: Iteration['items'] = [
  {
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'a' }],
    content: [{ type: 'reasoning_text', text: 'a' }],
  },
  { type: 'code_interpreter_call', status: 'completed', code: 'a', container_id: 'cntr_1', outputs: null },
  { type: 'file_search_call', status: 'completed', queries: [] },
  { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'a' } },
  { type: 'image_generation_call', status: 'completed', result: 'a' },
  { type: 'shell_call', status: 'completed', call_id: 'call_s', action: { commands: ['a'] } },
  { type: 'shell_call_output', status: 'completed', call_id: 'call_s', output: [{ stdout: 'a' }] },
  { type: 'mcp_list_tools', server_label: 'w', tools: [] },
  { type: 'mcp_list_tools', server_label: 'w', tools: [], error: 'a' },
  { type: 'mcp_call', server_label: 'w', name: 'f', arguments: '{}', output: null, error: 'a' },
  { type: 'mcp_call', server_label: 'w', name: 'f', arguments: '{}', output: 'a', error: null },
  { type: 'custom_tool_call', name: 'f', input: 'a' },
  {
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'a', annotations: [{ type: 'file_path', file_id: 'f' }] }],
  },
];

const iterations: readonly Iteration[] = [
  { items: everyItem, text: 'a', calls: [{ name: 'f' }] },
  { refusal: 'a', incomplete: true },
  { fail: { code: 'server_error', misalignment: { error_type: 'other' } } },
];

/** The interfaces of the objects in a create. The one for `reasoning` is in another file of `openai`. */
const interfaces = {
  access_programs: 'ResponseCreateParams.AccessPrograms',
  context_management: 'ResponseCreateParams.ContextManagement',
  conversation: 'ResponseConversationParam',
  image: 'ResponseCreateParams.Image',
  moderation: 'ResponseCreateParams.Moderation',
  'moderation.policy': 'ResponseCreateParams.Moderation.Policy',
  'moderation.policy.input': 'ResponseCreateParams.Moderation.Policy.Input',
  'moderation.policy.output': 'ResponseCreateParams.Moderation.Policy.Output',
  multi_agent: 'ResponseCreateParams.MultiAgent',
  prompt: 'ResponsePrompt',
  prompt_cache_options: 'ResponseCreateParams.PromptCacheOptions',
  stream_options: 'ResponseCreateParams.StreamOptions',
  text: 'ResponseTextConfig',
};

/** A create with all parameters that responses echo. */
const everything = {
  model: 'gpt-6-astra',
  input: [{ role: 'user', content: 'Hi' }, { type: 'compaction_trigger' }],
  background: true,
  stream: true,
  background_options: { completion_window: 'soonest' },
  image: { context_compression: 'enabled' },
  moderation: { model: 'omni-moderation-latest' },
  prompt: { id: 'pmpt_1' },
  prompt_cache_options: { mode: 'implicit' },
};

interface Traffic {
  readonly events: readonly JsonRecord[];
  readonly snapshots: readonly JsonRecord[];
}

/** The objects and events that the emulator sends for these iterations. */
async function traffic(): Promise<Traffic> {
  const seen = iterations.map(async (iteration) => {
    const emulator = createEmulator({ script: () => iteration, queuedMs: 0, runMs: 0 });
    const post = async (path: string, body: object): Promise<string> =>
      await (await emulator.fetch(`/v1${path}`, { method: 'POST', body: JSON.stringify(body) })).text();
    const conversation: JsonRecord = JSON.parse(await post('/conversations', {}));
    const text = await post('/responses', { ...everything, conversation: conversation['id'] });
    return parseEvents(text).map(({ data }) => data);
  });
  const events = (await Promise.all(seen)).flat();
  return { events, snapshots: events.map(({ response }) => response).filter(isRecord) };
}

function keysIn(snapshots: readonly JsonRecord[], field: string): readonly string[] {
  return snapshots.flatMap((snapshot) => Object.keys(isRecord(snapshot[field]) ? snapshot[field] : {}));
}

function typesOf(variants: readonly Variant[]): readonly string[] {
  return variants.flatMap((variant) => variant.types);
}

describe("the emulator knows all names in openai's types, except those with a listed reason", () => {
  test('request fields', () => {
    const api = [...types.fieldsOf('ResponseCreateParamsBase'), ...beta.fieldsOf('ResponseCreateParamsBase')];
    const known = Object.keys(parameterKinds);
    expect(differences({ who, what: 'request field', api, known, excused: clientFields })).toEqual([]);
  });

  test('fields of the objects in a request', () => {
    const problems = Object.entries(interfaces).flatMap(([place, name]) => {
      const fields = place === 'context_management' ? contextFields : nestedFields[place];
      const api = (place === 'multi_agent' ? beta : types).fieldsOf(name);
      return differences({ who, what: `field of ${place}`, api, known: Object.keys(fields?.kinds ?? {}) });
    });
    expect(problems).toEqual([]);
    const schema = types.fieldsOf('ResponseFormatTextJSONSchemaConfig');
    const known = Object.keys(formatFields['json_schema']?.kinds ?? {});
    expect(differences({ who, what: 'field of a JSON schema format', api: schema, known })).toEqual([]);
  });

  test('fields of a compaction', () => {
    const api = types.fieldsOf('ResponseCompactParams');
    expect(differences({ who, what: 'field of a compaction', api, known: compactedFields })).toEqual([]);
  });

  test('values of request fields', () => {
    const known = (name: string): readonly string[] =>
      choices.find(([place]) => place.join('.') === name)?.[1] ?? [];
    expect([
      ...differences({ who, what: 'include', api: types.valuesOf('ResponseIncludable'), known: includes }),
      ...differences({
        who,
        what: 'service tier',
        api: types.valuesOf('ServiceTier'),
        known: known('service_tier'),
      }),
      ...differences({
        who,
        what: 'tool choice',
        api: types.valuesOf('ToolChoiceOptions'),
        known: known('tool_choice'),
      }),
    ]).toEqual([]);
  });

  test('input items and their fields', () => {
    const variants = [...types.variantsOf('ResponseInputItem'), ...beta.variantsOf('BetaResponseInputItem')];
    const problems = differences({
      who,
      what: 'input item',
      api: typesOf(variants),
      known: Object.keys(inputItemFields),
    });
    const fields = variants.flatMap((variant) =>
      variant.types.flatMap((type) => {
        const { required, optional } = inputItemFields[type] ?? { required: [], optional: [] };
        return differences({
          who,
          what: `field of the input item ${type}`,
          api: variant.fields,
          known: [...required, ...optional, ...withEveryItem],
        });
      }),
    );
    expect([...problems, ...fields]).toEqual([]);
  });

  test('output items, and their fields as input', () => {
    const variants = [
      ...types.variantsOf('ResponseOutputItem'),
      ...beta.variantsOf('BetaResponseOutputItem'),
    ];
    const api = typesOf(variants);
    const problems = differences({ who, what: 'output item', api, known: outputItemTypes });
    const fields = variants.flatMap((variant) =>
      variant.types.flatMap((type) => {
        const { required, optional } = inputItemFields[type] ?? { required: [], optional: [] };
        const declared = variant.fields.filter((field) => !Object.hasOwn(outputOnlyFields, field));
        return differences({
          who,
          what: `field of the output item ${type}`,
          api: declared,
          known: [...required, ...optional, ...withEveryItem],
        });
      }),
    );
    expect([...problems, ...fields]).toEqual([]);
  });

  test('parts of messages and their fields', () => {
    const problems = types.variantsOf('ResponseContent').flatMap(({ types: names, fields }) =>
      names
        .filter((type) => type !== 'reasoning_text')
        .flatMap((type) => {
          const { texts, sources, optional } = partFields[type] ?? { texts: [], sources: [], optional: [] };
          const known = [...texts, ...sources, ...optional];
          return differences({ who, what: `field of the part ${type}`, api: fields, known });
        }),
    );
    expect(problems).toEqual([]);
  });

  test('tools and their fields', () => {
    const variants = types.variantsOf('Tool');
    const problems = differences({
      who,
      what: 'tool',
      api: typesOf(variants),
      known: Object.keys(fieldsByToolType),
    });
    const fields = variants.flatMap((variant) =>
      variant.types.flatMap((type) => {
        const { required, optional } = fieldsByToolType[type] ?? { required: [], optional: [] };
        return differences({
          who,
          what: `field of the tool ${type}`,
          api: variant.fields,
          known: [...required, ...optional],
        });
      }),
    );
    expect([...problems, ...fields]).toEqual([]);
  });

  test('stream events, which it sends for these iterations', async () => {
    const { events } = await traffic();
    const known = events.map(({ type }) => String(type));
    const api = typesOf(types.variantsOf('ResponseStreamEvent'));
    expect(differences({ who, what: 'stream event', api, known, excused: unsentEvents })).toEqual([]);
  });

  test('fields of responses, of their usage and their errors', async () => {
    const { snapshots } = await traffic();
    const usage = snapshots.map(({ usage: counted }) => counted).filter(isRecord);
    const details = usage.flatMap(({ input_tokens_details: inner }) =>
      isRecord(inner) ? Object.keys(inner) : [],
    );
    expect([
      ...differences({
        who,
        what: 'response field',
        api: types.fieldsOf('Response'),
        known: snapshots.flatMap((snapshot) => Object.keys(snapshot)),
        excused: unsentResponseFields,
      }),
      ...differences({
        who,
        what: 'usage field',
        api: types.fieldsOf('ResponseUsage'),
        known: keysIn(snapshots, 'usage'),
      }),
      ...differences({
        who,
        what: 'field of usage.input_tokens_details',
        api: types.fieldsOf('ResponseUsage.InputTokensDetails'),
        known: details,
        excused: unsentUsageFields,
      }),
      ...differences({
        who,
        what: 'error field',
        api: types.fieldsOf('ResponseError'),
        known: keysIn(snapshots, 'error'),
        excused: unsentErrorFields,
      }),
      ...differences({
        who,
        what: 'field of tool_usage',
        api: types.fieldsOf('Response.ToolUsage'),
        known: keysIn(snapshots, 'tool_usage'),
      }),
    ]).toEqual([]);
  });
});
