import { describe, expect, test } from 'vitest';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { anonymous } from '../../src/server/principal.ts';
import { createProxy } from '../../src/server/create-proxy.ts';
import { createEmulator } from '../../src/testing/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/wire/json.ts';

/** An object for which `String` and `Number` throw. */
const odd: JsonObject = { toString: 1 };

const answer = responseOf('resp_1', 'completed', { output: [messageOf('Fine.')] });

/** Copies of an object. In each, one field, at any depth, has the value `odd` or `[odd]`. */
function withOddFields(value: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const replaced = (by: JsonValue): JsonObject => ({ ...value, [name]: by });
    const within = Array.isArray(inner) ? inner[0] : inner;
    const deeper = isJsonObject(within)
      ? withOddFields(within).map(([path, made]) => {
          return [`${name}.${path}`, replaced(Array.isArray(inner) ? [made] : made)] as const;
        })
      : [];
    return [[name, replaced(odd)] as const, [name, replaced([odd])] as const, ...deeper];
  });
}

describe('a field with a value of the wrong type', () => {
  const events = [
    { type: 'response.created', sequence_number: 0, response: responseOf('resp_1', 'in_progress') },
    { type: 'response.output_item.done', sequence_number: 1, output_index: 0, item: messageOf('Fine.') },
    { type: 'response.completed', sequence_number: 2, response: answer },
  ];
  const frames = events.flatMap((event, at) =>
    withOddFields(event).map(([path, made]) => [`${event.type} ${path}`, at, made] as const),
  );

  test.each(frames)(
    'in a stream, at %s, completes or fails the run, without an internal error',
    async (_name, at, made) => {
      const body = events.map((event, index) => `data: ${JSON.stringify(index === at ? made : event)}\n\n`);
      const headers = { 'content-type': 'text/event-stream' };
      const server = handServer(({ method }) =>
        method === 'GET' ? answer : new Response(body.join(''), { headers }),
      );
      const run = server.start();
      const result = run.result().catch((error: unknown) => error);
      await server.clock.advance(48 * 3_600_000);
      expect(await result).not.toMatchObject({ code: 'internal' });
      expect(['completed', 'failed']).toContain(run.view.status);
    },
  );

  const asked: JsonObject = {
    model: 'm',
    background: true,
    include: ['reasoning.encrypted_content'],
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
    tools: [{ type: 'function', name: 'f', parameters: {}, strict: true }],
    tool_choice: 'auto',
    previous_response_id: 'resp_1',
    metadata: { a: 'b' },
    text: { format: { type: 'text' } },
    reasoning: { effort: 'low' },
  };
  const proxyOf = (upstream: () => Response) =>
    createProxy({
      apiKey: 'sk-0123456789abcdefghijklmn',
      secret: 'a secret that is long enough for the proxy',
      authorize: anonymous,
      allow: { models: ['m'] },
      fetch: async () => upstream(),
    });
  const ask = (body: JsonObject): Request =>
    new Request('http://site.test/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test.each(withOddFields(asked))(
    'in a request to the proxy, at %s, is answered with 200, 400, 403 or 404',
    async (_path, body) => {
      const { status } = await proxyOf(() => Response.json(answer))(ask(body));
      expect([200, 400, 403, 404]).toContain(status);
    },
  );

  test.each([...withOddFields(answer), ...withOddFields({ error: { message: 'x', type: 'y', code: 'z' } })])(
    'in an answer of the API, at %s, makes the proxy answer 200, 400 or 502',
    async (_path, body) => {
      const status = 'error' in body && !('id' in body) ? 400 : 200;
      const proxied = await proxyOf(() => Response.json(body, { status }))(ask({ model: 'm', input: 'Hi' }));
      expect([200, 400, 502]).toContain(proxied.status);
    },
  );
});

describe('the emulator answers without a 5xx if one field of a create cannot be converted to a string or number', () => {
  const create: JsonObject = {
    model: 'gpt-6-astra',
    input: [
      {
        type: 'function_call',
        call_id: 'c',
        name: 'f',
        namespace: 'n',
        arguments: '{}',
        status: 'completed',
      },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'a' }] },
    ],
    background: true,
    background_options: { completion_window: '2h' },
    context_management: [{ type: 'compaction', compact_threshold: 1_000 }],
    text: {
      format: { type: 'json_schema', name: 'a', strict: true, schema: { type: 'string', enum: ['a'] } },
    },
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    tools: [{ type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test', require_approval: 'never' }],
    metadata: { a: 'b' },
    include: ['reasoning.encrypted_content'],
    service_tier: 'default',
    top_p: 1,
  };
  const twins = [{ type: 'mcp', server_label: odd, server_url: 'a' }];
  const more = [['two labels', { ...create, tools: [...twins, ...twins] }]] as const;

  test.each([...withOddFields(create), ...more])('%s', async (_name, body) => {
    const emulator = createEmulator({ script: () => ({ text: 'ok' }) });
    const init = { method: 'POST', body: JSON.stringify(body) };
    const { status } = await emulator.fetch('http://openai.test/v1/responses', init);
    expect(status).toBeLessThan(500);
  });
});
