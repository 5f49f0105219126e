import { expect, test } from 'vitest';
import { shownFields } from '../../packages/core/src/server/runs/redact/item-fields.ts';
import { hiddenInside } from '../../packages/core/src/server/runs/redact/redact-item.ts';
import { differences, type Excused } from './compare-names.ts';
import { openaiTypes } from './openai-types.ts';

const who = 'the redaction of items for pages';
const [api, beta] = [openaiTypes(), openaiTypes(true)];

/** The fields of each item type except `type`. */
const fieldsByType = new Map<string, readonly string[]>();
const unions = [
  ...['ResponseItem', 'ResponseOutputItem', 'ResponseInputItem'].map((name) => api.variantsOf(name)),
  ...['BetaResponseItem', 'BetaResponseOutputItem'].map((name) => beta.variantsOf(name)),
];
for (const { types, fields } of unions.flat())
  for (const type of types) fieldsByType.set(type, [...(fieldsByType.get(type) ?? []), ...fields]);

/** Fields that the redaction handles for all types. */
const ofAllTypes = ['id', 'status', 'agent'];

/** Fields that no page sees, of all types and of one. */
const hidden: Excused = {
  async: 'only the loop reads it',
  caller: 'the id of a program, for the loop',
  created_by: "the server's metadata",
};
const hiddenOf: { readonly [type: string]: Excused } = {
  additional_tools: { role: 'the author of the tools', tools: 'definitions of tools' },
  agent_message: { content: 'instructions of one agent to another' },
  code_interpreter_call: { container_id: 'only a server can use it' },
  compaction: { encrypted_content: 'only the API can read it' },
  configuration_update: { reasoning: "the server's settings", text: "the server's settings" },
  image_generation_call: { error: 'may contain ids and addresses', svg_usage: 'usage' },
  mcp_list_tools: { error: 'may contain ids and addresses', tools: 'definitions of tools' },
  multi_agent_call: { arguments: 'instructions of one agent to another' },
  multi_agent_call_output: { output: 'an answer of one agent to another' },
  program: { fingerprint: 'only the API can read it' },
  reasoning: { encrypted_content: 'only the API can read it' },
  shell_call: { environment: 'only a server can use it' },
  tool_search_output: { tools: 'definitions of tools' },
};
/** Fields that only inputs have. */
const inputOnly = ['request_id'];

test("the redaction of items for pages knows the item types in openai's types, and no others", () => {
  const types = [...fieldsByType.keys()];
  expect(differences({ who, what: 'item type', api: types, known: shownFields.keys() })).toEqual([]);
  expect([...shownFields.keys()].filter((type) => !types.includes(type))).toEqual([]);
});

test.each([...shownFields])(
  'each field of %s is shown to a page or hidden for a reason, as in openai’s types',
  (type, shown) => {
    const fields = (fieldsByType.get(type) ?? []).filter((field) => !inputOnly.includes(field));
    const general = Object.fromEntries(Object.entries(hidden).filter(([field]) => fields.includes(field)));
    const excused = { ...general, ...hiddenOf[type] };
    const known = [...shown, ...ofAllTypes];
    expect(differences({ who, what: `field of ${type}`, api: fields, known, excused })).toEqual([]);
    expect(shown.filter((field) => !fields.includes(field))).toEqual([]);
  },
);

test('no id of a file or a container in a content part, an annotation or a result reaches a page', () => {
  const content = api.variantsOf('ResponseContent').flatMap(({ fields }) => fields);
  const parts = [
    ...['FileCitation', 'URLCitation', 'ContainerFileCitation', 'FilePath'].map(
      (name) => `ResponseOutputText.${name}`,
    ),
    ...['ResponseInputFile', 'ResponseInputImage', 'ResponseComputerToolCallOutputScreenshot'],
    ...['ResponseFileSearchToolCall.Result', 'ResponseCodeInterpreterToolCall.Logs'],
  ];
  const fields = [...content, ...parts.flatMap((name) => api.fieldsOf(name))];
  expect(fields).toEqual(expect.arrayContaining([...hiddenInside]));
  expect(fields.filter((field) => field.endsWith('_id') && !hiddenInside.has(field))).toEqual([]);
});
