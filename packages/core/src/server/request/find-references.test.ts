import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../wire/json.ts';
import { findReferences } from './find-references.ts';

describe('finds what resolves under the server’s key, or is fetched by OpenAI:', () => {
  test.each<[JsonValue, object]>([
    [[{ type: 'item_reference', id: 'msg_1' }], { kind: 'item', id: 'msg_1', param: 'input[0]' }],
    [
      [{ type: 'image_generation_call', id: 'ig_1', result: null }],
      { kind: 'item', id: 'ig_1', param: 'input[0]' },
    ],
    [
      [{ content: [{ type: 'input_file', file_id: 'file-1' }] }],
      { kind: 'file', id: 'file-1', param: 'input[0].content[0].file_id' },
    ],
    [
      [{ type: 'code_interpreter_call', container_id: 'cntr_1' }],
      { kind: 'container', id: 'cntr_1', param: 'input[0].container_id' },
    ],
    [
      [{ tools: [{ vector_store_ids: ['vs_1'] }] }],
      { kind: 'vector_store', id: 'vs_1', param: 'input[0].tools[0].vector_store_ids' },
    ],
    [
      [{ a: { server_url: 'https://mcp.test' } }],
      { kind: 'mcp_server', id: 'https://mcp.test', param: 'input[0].a.server_url' },
    ],
    [
      [{ a: { connector_id: 'connector_gmail' } }],
      { kind: 'connector', id: 'connector_gmail', param: 'input[0].a.connector_id' },
    ],
    [[{ a: { tunnel_id: 't_1' } }], { kind: 'connector', id: 't_1', param: 'input[0].a.tunnel_id' }],
    [[{ a: { skill_id: 'skill_1' } }], { kind: 'skill', id: 'skill_1', param: 'input[0].a.skill_id' }],
    [
      [{ conversation: { id: 'conv_1' } }],
      { kind: 'conversation', id: 'conv_1', param: 'input[0].conversation' },
    ],
    [[{ prompt: { id: 'pmpt_1' } }], { kind: 'prompt', id: 'pmpt_1', param: 'input[0].prompt' }],
    [
      [{ image_url: 'https://site.test/a.png' }],
      { kind: 'url', id: 'https://site.test/a.png', param: 'input[0].image_url' },
    ],
    [
      [{ file_url: 'http://169.254.169.254/' }],
      { kind: 'url', id: 'http://169.254.169.254/', param: 'input[0].file_url' },
    ],
    [
      [{ image_url: ' data:image/png;base64,AA==' }],
      { kind: 'url', id: ' data:image/png;base64,AA==', param: 'input[0].image_url' },
    ],
    [[{ response_id: 'resp_1' }], { kind: 'response', id: 'resp_1', param: 'input[0].response_id' }],
  ])('%j', (input, reference) => {
    expect(findReferences(input, 'input')).toEqual([reference]);
  });
});

test('what cannot be named cannot be vouched for', () => {
  expect(findReferences({ container: { type: 'auto' } }, '')).toEqual([
    { kind: 'container', id: undefined, param: 'container' },
  ]);
  expect(findReferences({ file_id: 7 }, '')).toEqual([{ kind: 'file', id: undefined, param: 'file_id' }]);
  expect(findReferences({ image_url: { url: 'data:' } }, '')).toEqual([
    { kind: 'url', id: undefined, param: 'image_url' },
  ]);
});

test('each of several is found', () => {
  const found = findReferences(
    { file_ids: ['file-1', 'file-2'], container: { id: 'cntr_1', file_ids: ['file-3'] } },
    '',
  );
  expect(found.map(({ id }) => id)).toEqual(['file-1', 'file-2', 'cntr_1', 'file-3']);
});

test('content that comes along, and names that are null, refer to nothing', () => {
  const input = [
    { role: 'user', content: 'See file_id file-1 at https://site.test' },
    {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==', file_id: null }],
    },
    { type: 'reasoning', id: 'rs_1', encrypted_content: '…', summary: [] },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'hi', annotations: [{ type: 'url_citation', url: 'https://a.test' }] },
      ],
    },
    { type: 'image_generation_call', id: 'ig_1', result: 'AA==' },
  ];
  expect(findReferences(input, 'input')).toEqual([]);
});

test('no depth and no neighbour hides a reference', () => {
  const place = fc.letrec<{ place: (inner: JsonValue) => JsonValue }>((tie) => ({
    place: fc.oneof(
      { depthSize: 'small' },
      fc.constant((inner: JsonValue): JsonValue => inner),
      fc
        .tuple(
          fc.constantFrom('content', 'output', 'a', 'type', 'tools'),
          fc.jsonValue({ maxDepth: 1 }),
          tie('place'),
        )
        .map(
          ([key, neighbour, outer]) =>
            (inner: JsonValue) =>
              outer({ x: neighbour as JsonValue, [key]: inner }),
        ),
      fc.tuple(fc.nat({ max: 3 }), tie('place')).map(
        ([before, outer]) =>
          (inner: JsonValue) =>
            outer([...Array.from({ length: before }, () => 'x'), inner]),
      ),
    ),
  })).place;
  fc.assert(
    fc.property(place, (hide) => {
      expect(findReferences(hide({ file_id: 'file-hidden' }), '').map(({ id }) => id)).toContain(
        'file-hidden',
      );
    }),
  );
});
