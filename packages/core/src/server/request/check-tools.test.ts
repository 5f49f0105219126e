import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { HostedToolParameters } from '../options/proxy-options.ts';
import { checkToolChoice } from './check-tool-choice.ts';
import { checkTools } from './check-tools.ts';
import { hostedToolsFor } from './hosted-tools.ts';

interface User {
  readonly id: string;
  readonly vectorStoreId?: string;
}

const hosted = new Map<string, HostedToolParameters<User>>([
  ['web_search', { search_context_size: 'low' }],
  [
    'file_search',
    (user) => (user.vectorStoreId === undefined ? undefined : { vector_store_ids: [user.vectorStoreId] }),
  ],
  [
    'mcp:docs',
    {
      server_url: 'https://mcp.test',
      headers: { authorization: 'Bearer secret' },
      require_approval: 'never',
    },
  ],
]);

function check(tools: JsonValue, user: User = { id: 'ann' }): Promise<readonly JsonObject[]> {
  return checkTools(tools, hostedToolsFor(hosted, user));
}

const own = { type: 'function', name: 'f', description: 'x', parameters: { type: 'object' }, strict: true };

test('does not change tools that the client executes', async () => {
  const tools = [
    own,
    { type: 'custom', name: 'c', format: { type: 'text' } },
    { type: 'namespace', name: 'n', description: 'x', tools: [own, { type: 'custom', name: 'c' }] },
  ];
  expect(await check(tools)).toEqual(tools);
});

test('accepts deferred tools, callers and output schemas of openai 7.59', async () => {
  const deferred = {
    ...own,
    defer_loading: true,
    allowed_callers: ['direct', 'programmatic'],
    output_schema: { type: 'object', properties: { file_id: { type: 'string' } } },
  };
  const tools = [
    deferred,
    { type: 'custom', name: 'c', defer_loading: true, allowed_callers: ['programmatic'] },
    { type: 'namespace', name: 'n', description: 'x', tools: [deferred] },
  ];
  expect(await check(tools)).toEqual(tools);
});

test('configures a hosted tool once if it is named several times, because the site may query a database', async () => {
  let asked = 0;
  const tools = new Map<string, HostedToolParameters<User>>([
    ['file_search', async () => ({ vector_store_ids: [`vs_${(asked += 1)}`] })],
  ]);
  const many = Array.from({ length: 1_000 }, () => ({ type: 'file_search' }));
  expect(await checkTools(many, hostedToolsFor(tools, { id: 'ann' }))).toHaveLength(1_000);
  expect(asked).toBe(1);
});

describe('adds the server’s parameters to', () => {
  test('a hosted tool that the client names by its type', async () => {
    expect(await check([{ type: 'web_search' }])).toEqual([
      { type: 'web_search', search_context_size: 'low' },
    ]);
  });

  test('an MCP server that the client names by its label', async () => {
    expect(await check([{ type: 'mcp', server_label: 'docs' }])).toMatchObject([
      { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test' },
    ]);
  });

  test('a hosted tool whose parameters depend on the principal', async () => {
    expect(await check([{ type: 'file_search' }], { id: 'ann', vectorStoreId: 'vs_ann' })).toEqual([
      { type: 'file_search', vector_store_ids: ['vs_ann'] },
    ]);
    await expect(check([{ type: 'file_search' }], { id: 'bob' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('refuses:', () => {
  test.each<[string, JsonValue]>([
    ['a hosted tool that is not offered', { type: 'code_interpreter', container: { type: 'auto' } }],
    [
      'a hosted tool to which the client adds parameters',
      { type: 'web_search', search_context_size: 'high' },
    ],
    ['a vector store that the client names', { type: 'file_search', vector_store_ids: ['vs_bob'] }],
    [
      'another server under the label of an offered one',
      { type: 'mcp', server_label: 'docs', server_url: 'https://evil.test' },
    ],
    [
      'an MCP server that is not offered',
      { type: 'mcp', server_label: 'evil', server_url: 'https://evil.test' },
    ],
    ['an MCP server without a label', { type: 'mcp' }],
    ['an MCP label in the type', { type: 'mcp:docs', server_url: 'https://evil.test' }],
    ['an MCP label in the type, and nothing else (attack)', { type: 'mcp:docs' }],
    ['an MCP label in the type and in its own field', { type: 'mcp:docs', server_label: 'docs' }],
    ['an MCP label that is not a string', { type: 'mcp', server_label: ['docs'] }],
    ['an async function: its output would arrive after the response', { ...own, async: true }],
    ['a function with async: false, because the field is not accepted', { ...own, async: false }],
    ['a function whose callers are a string', { ...own, allowed_callers: 'direct' }],
    ['an async custom tool', { type: 'custom', name: 'c', async: true }],
    [
      'an async function within a namespace',
      { type: 'namespace', name: 'n', tools: [{ ...own, async: true }] },
    ],
    [
      'a connector',
      { type: 'mcp', server_label: 'gmail', connector_id: 'connector_gmail', authorization: 'x' },
    ],
    ['a type that is a property of every object', { type: 'constructor' }],
    ['a tool without a type', { name: 'f' }],
    ['a value that is not a tool', 'web_search'],
    ['a function with unknown keys', { ...own, server_url: 'https://evil.test' }],
    ['a function whose schema is a string', { ...own, parameters: 'x' }],
    ['a function whose strict is a string', { ...own, strict: 'yes' }],
    ['a function without a name', { type: 'function', parameters: {} }],
    ['a hosted tool within a namespace', { type: 'namespace', name: 'n', tools: [{ type: 'web_search' }] }],
    [
      'a namespace within a namespace',
      { type: 'namespace', name: 'n', tools: [{ type: 'namespace', name: 'm', tools: [] }] },
    ],
    [
      'a function within a namespace with unknown keys',
      { type: 'namespace', name: 'n', tools: [{ ...own, container: 'c' }] },
    ],
  ])('%s', async (_, tool) => {
    await expect(check([own, tool])).rejects.toMatchObject({ status: 400, code: 'tool_not_allowed' });
  });
});

describe('tool_choice', () => {
  const names = new Set(hosted.keys());

  test.each<JsonValue>([
    'auto',
    'none',
    'required',
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'c' },
    { type: 'web_search' },
    { type: 'mcp', server_label: 'docs', name: 'search' },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] },
  ])('accepts %j', (choice) => {
    expect(() => checkToolChoice(choice, names)).not.toThrow();
  });

  test.each<JsonValue>([
    'any',
    '',
    7,
    [[]],
    {},
    { type: 'code_interpreter' },
    { type: 'mcp:docs' },
    { type: 'mcp', server_label: 'evil' },
    { type: 'mcp', server_label: 'docs', server_url: 'https://evil.test' },
    { type: 'function', name: { file_id: 'file-1' } },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'code_interpreter' }] },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'web_search', container: 'x' }] },
    { type: 'allowed_tools', mode: 'auto', tools: 'all' },
    { type: 'web_search', tools: [{ type: 'code_interpreter' }] },
  ])('refuses %j', (choice) => {
    expect(() => checkToolChoice(choice, names)).toThrow(/tool_choice/);
  });
});
