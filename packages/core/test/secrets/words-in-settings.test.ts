import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { messageOf, responseOf } from '../../test-support/hand-server.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { ResponsesClient } from '../../src/client/responses-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import type { JsonObject } from '../../src/wire/json.ts';

type Fetch = (url: unknown, init?: RequestInit) => Promise<Response>;

const baseURL = 'http://server.test/v1';
const plain = (fetch: Fetch): ResponsesClient => fetchClient({ baseURL, fetch });

const asked = [
  {
    type: 'mcp_list_tools',
    id: 'mcpl_1',
    server_label: 'gh',
    tools: [{ name: 'list_pull_requests', description: 'In the database.', input_schema: {} }],
  },
  {
    type: 'mcp_call',
    id: 'mcp_1',
    server_label: 'gh',
    name: 'list_pull_requests',
    arguments: '{"env":"production"}',
    output: 'two pull_requests of 2022-11-28 in production, of the database, as application/json',
    error: null,
  },
  {
    type: 'mcp_approval_request',
    id: 'mcpr_1',
    server_label: 'gh',
    name: 'merge_pull_requests',
    arguments: '{"env":"production","db":"database","tenant":"acme-4711"}',
  },
];

interface Setting {
  readonly tool?: JsonObject;
  readonly request?: JsonObject;
  readonly client?: (fetch: Fetch) => ResponsesClient;
}

/** Returns the input that a run sends after an approval, and its view. */
async function approved({ tool, request, client = plain }: Setting) {
  const bodies: JsonObject[] = [];
  const fetch: Fetch = async (_url, init) => {
    bodies.push(JSON.parse(String(init?.body)));
    const output = bodies.length === 1 ? asked : [messageOf('done')];
    return Response.json(responseOf(`resp_${bodies.length}`, 'completed', { output }));
  };
  const clock = manualClock(0);
  const agent = defineAgent({
    name: 'a',
    model: 'm',
    background: false,
    request: { store: false, ...request },
    tools: [{ type: 'mcp', server_label: 'gh', server_url: 'https://mcp.test/mcp', ...tool }],
  });
  const run = createRunner({ client: client(fetch), clock, mode: 'poll' }).start(agent, 'Hi');
  await clock.advance(0);
  await run.approve('mcpr_1');
  const view = await run.done();
  return { view, input: bodies[1]?.['input'] };
}

describe('words in settings are not secrets, so the view and later requests have them', () => {
  test.each<[string, Setting]>([
    [
      'toolsets of the GitHub MCP server',
      { tool: { headers: { 'X-MCP-Toolsets': 'repos,pull_requests', 'X-Tenant': 'acme-4711' } } },
    ],
    ['a version that is a date', { tool: { headers: { 'X-GitHub-Api-Version': '2022-11-28' } } }],
    [
      'a media type with its charset',
      { tool: { headers: { 'Content-Type': 'application/json; charset=utf-8' } } },
    ],
    [
      'media types with their weights',
      { tool: { headers: { Accept: 'application/json;q=0.9, text/event-stream' } } },
    ],
    [
      'a word next to values that may be secret',
      {
        tool: {
          headers: { 'X-Features': 'pull_requests,beta-4711', Cookie: 'env=production; sid=a8s7d6f5' },
        },
      },
    ],
    [
      'features of the Supabase MCP server',
      { tool: { server_url: 'https://mcp.test/mcp?features=database,docs' } },
    ],
    ['fields of a gateway', { request: { provider: { order: ['production', 'database'] } } }],
    [
      'headers of fetchClient',
      { client: (fetch) => fetchClient({ baseURL, fetch, headers: { 'X-Title': 'production' } }) },
    ],
    [
      'headers of openai',
      {
        client: (fetch) =>
          new OpenAI({ baseURL, apiKey: 'key', fetch, defaultHeaders: { 'X-Env': 'production' } }),
      },
    ],
  ])('%s', async (_name, setting) => {
    const { view, input } = await approved(setting);
    expect(view.status).toBe('completed');
    expect(JSON.stringify(view.items)).not.toContain('redacted');
    expect(input).toMatchObject([
      {},
      ...asked,
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    ]);
  });

  test.each([
    ['a header', { headers: { 'X-Api-Key': 'letmein-please' } }],
    ['a scheme', { authorization: 'Bearer letmein-please' }],
    ['a query', { server_url: 'https://mcp.test/mcp?token=letmein-please' }],
    ['a password', { server_url: 'https://me:letmein-please@mcp.test/mcp' }],
    ['an unknown field', { env: { DB_PASSWORD: 'letmein-please' } }],
  ])('except a word in a place for secrets, which is redacted: %s', async (_name, tool) => {
    const error = { message: 'refused: letmein-please' };
    const client = fetchClient({ baseURL, fetch: async () => Response.json({ error }, { status: 400 }) });
    const tools = [{ type: 'mcp', server_label: 'docs', ...tool }];
    const run = createRunner({ client, mode: 'poll' }).start(
      defineAgent({ name: 'a', model: 'm', tools }),
      'Hi',
    );
    expect((await run.done()).error?.message).toContain('refused: [redacted]');
  });

  test.each<[string, ConstructorParameters<typeof OpenAI>[0]]>([
    ['a record', { defaultHeaders: { 'helicone-auth': 'Bearer letmein-please' } }],
    ['Headers', { defaultHeaders: new Headers({ 'helicone-auth': 'Bearer letmein-please' }) }],
    ['pairs', { defaultHeaders: [['helicone-auth', 'Bearer letmein-please']] }],
    ['a query', { defaultQuery: { 'api-key': 'letmein-please' } }],
  ])('except one in a place for secrets of an openai client: %s', async (_name, options) => {
    const error = { message: 'refused: letmein-please' };
    const fetch = async (): Promise<Response> => Response.json({ error }, { status: 400 });
    const client = new OpenAI({ baseURL, apiKey: 'key', fetch, ...options });
    const run = createRunner({ client, mode: 'poll' }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
    expect((await run.done()).error?.message).toContain('refused: [redacted]');
  });
});
