import { createEmulator, type Fault, type Iteration } from '@longhaul/core/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { haveRecordings, isRecord, openApiSchemas, parseEvents, whyNot, type Json } from './recordings.ts';
import { wireExceptions, type WireException } from './wire-exceptions.ts';

const tool = {
  type: 'function',
  name: 'f',
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
  strict: true,
};

const iterations: { readonly [name: string]: Iteration } = {
  calls: {
    reasoning: 'Let me see.',
    calls: [{ name: 'f', arguments: { a: 1 }, callId: 'call_x' }, { name: 'f' }],
  },
  message: { text: '2 + 2 equals 4.' },
  refusal: { refusal: 'No.' },
  incomplete: { text: 'Half', incomplete: true },
  failed: { fail: { code: 'insufficient_quota', message: 'You exceeded your current quota.' } },
  hosted: {
    items: [
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } },
      { type: 'custom_tool_call', call_id: 'call_y', name: 'sql', input: 'select 1' },
      { type: 'mcp_list_tools', server_label: 'wiki', tools: [] },
      { type: 'mcp_call', server_label: 'wiki', name: 'ask', arguments: '{}', output: 'x', error: null },
      { type: 'mcp_approval_request', server_label: 'wiki', name: 'ask', arguments: '{}' },
    ],
  },
};

interface Seen {
  readonly schema: string;
  readonly what: string;
  readonly value: Json;
}

/** The objects and events that the emulator sends for one response, each with its schema. */
async function seenOf(
  name: string,
  iteration: Iteration,
  background: boolean,
  faults: readonly Fault[] = [],
): Promise<readonly Seen[]> {
  const emulator = createEmulator({ script: [iteration], queuedMs: 0, runMs: 0, faults });
  const call = (path: string, body?: object): Promise<Response> =>
    emulator.fetch(
      `/v1/responses${path}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
  const create = {
    model: 'gpt-4o',
    input: 'Hi',
    background,
    stream: true,
    metadata: { a: 'b' },
    tools: [tool],
  };
  const events = parseEvents(await (await call('', create)).text()).map(({ data }) => data);
  const snapshots = events.map((event) => event['response']).filter(isRecord);
  const id = typeof snapshots[0]?.['id'] === 'string' ? snapshots[0]['id'] : '';
  return [
    ...events.map((value) => ({
      schema: 'ResponseStreamEvent',
      what: `${name}: ${String(value['type'])}`,
      value,
    })),
    ...snapshots.map((value) => ({
      schema: 'Response',
      what: `${name}: ${String(value['status'])} snapshot`,
      value,
    })),
    { schema: 'Response', what: `${name}: GET`, value: await (await call(`/${id}`)).json() },
    {
      schema: 'ResponseItemList',
      what: `${name}: input_items`,
      value: await (await call(`/${id}/input_items`)).json(),
    },
    {
      schema: 'TokenCountsResource',
      what: 'input_tokens',
      value: await (await call('/input_tokens', { input: 'Hi' })).json(),
    },
    {
      schema: 'ErrorResponse',
      what: 'error body',
      value: await (await call('', { model: 'gpt-4o' })).json(),
    },
  ];
}

async function everything(): Promise<readonly Seen[]> {
  const runs = Object.entries(iterations).flatMap(([name, iteration]) => [
    seenOf(name, iteration, true),
    seenOf(name, iteration, false),
  ]);
  return (await Promise.all(runs)).flat();
}

/** The values that do not match the schemas, as changed by the exceptions. */
function misfits(seen: readonly Seen[], exceptions: readonly WireException[]): readonly string[] {
  const schemas = openApiSchemas();
  for (const exception of exceptions) exception.change(schemas);
  // Formats and OpenAPI's vocabulary do not describe the shape.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'https://api.test/', components: { schemas } });
  const validators = new Map(
    ['Response', 'ResponseStreamEvent', 'ResponseItemList', 'TokenCountsResource', 'ErrorResponse'].map(
      (name) => [name, ajv.compile({ $ref: `https://api.test/#/components/schemas/${name}` })],
    ),
  );
  return seen.filter(({ schema, value }) => validators.get(schema)?.(value) !== true).map(({ what }) => what);
}

describe.skipIf(!haveRecordings)(`the emulator's messages match the API's schemas${whyNot}`, () => {
  test('in all tested states, events and error bodies, except for the named exceptions', async () => {
    expect(misfits(await everything(), wireExceptions)).toEqual([]);
  });

  test.each(wireExceptions.map((exception) => [exception.name, exception] as const))(
    'the exception is needed: %s',
    async (_name, exception) => {
      const others = wireExceptions.filter((other) => other !== exception);
      expect(misfits(await everything(), others)).not.toEqual([]);
    },
  );

  test('the schemas have the flat form of the error event', async () => {
    const seen = await seenOf('flat', {}, true, [{ fault: 'error-event-flat' }]);
    const exceptions = wireExceptions.filter(({ name }) => !name.includes('`error` event'));
    expect(misfits(seen, exceptions)).toEqual([]);
  });
});
