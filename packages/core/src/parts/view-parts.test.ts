import { describe, expect, test } from 'vitest';
import { added, call, done, ended, message, partsOf, text, viewOf } from '../../test-support/parts-of.ts';
import { applyEvent } from '../engine/view/apply-event.ts';
import { viewParts } from './view-parts.ts';

describe('messages', () => {
  test('each text and each refusal is a part, with its phase and its agent', () => {
    const said = { ...message(text('Hm.')), phase: 'commentary' };
    const other = { ...message(text('Found.')), agent: { agent_name: '/root/scout' } };
    expect(partsOf(said, message(text('One.'), { type: 'refusal', refusal: 'No.' }), other)).toEqual([
      {
        type: 'text',
        text: 'Hm.',
        phase: 'commentary',
        annotations: [],
        key: '0/0/0',
        iteration: 0,
        done: true,
      },
      { type: 'text', text: 'One.', annotations: [], key: '0/1/0', iteration: 0, done: true },
      { type: 'refusal', text: 'No.', key: '0/1/1', iteration: 0, done: true },
      {
        type: 'text',
        text: 'Found.',
        agent: '/root/scout',
        annotations: [],
        key: '0/2/0',
        iteration: 0,
        done: true,
      },
    ]);
  });

  test('a message whose content is a text has one part; an empty text has none', () => {
    expect(partsOf({ type: 'message', content: 'Hi' })).toMatchObject([{ type: 'text', text: 'Hi' }]);
    expect(partsOf({ type: 'message', content: '' }, message(text('')), { type: 'message' })).toEqual([]);
  });

  test('a text grows while it streams, under the same key, and is done with its item', () => {
    const delta = { type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta: 'lo' } as const;
    const begun = viewOf(added(0, message(text('Hel'))), delta);
    expect(viewParts(begun)).toMatchObject([{ text: 'Hello', done: false, key: '0/0/0' }]);
    expect(partsOf(message(text('Hello')))).toMatchObject([{ text: 'Hello', done: true, key: '0/0/0' }]);
  });

  test('annotations have the range that the server sent, or its index', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0, end_index: 3 },
      { type: 'file_citation', file_id: 'file_1', filename: 'a.pdf', index: 7 },
      { type: 'file_path', file_id: 'file_2', index: 1 },
      { type: 'unheard_of', start_index: 1, end_index: 2 },
      'odd',
    ];
    expect(partsOf(message(text('Hello', { annotations })))).toMatchObject([
      {
        annotations: [
          { type: 'url_citation', url: 'https://a.test', title: 'A', start: 0, end: 3 },
          { type: 'file_citation', fileId: 'file_1', filename: 'a.pdf', index: 7 },
          { type: 'other', annotation: annotations[2], index: 1 },
          { type: 'other', annotation: annotations[3], start: 1, end: 2 },
        ],
      },
    ]);
  });

  test('a text with citations is the same object while another text of its message grows', () => {
    const annotations = [{ type: 'url_citation', url: 'https://a.test', start_index: 0, end_index: 3 }];
    const begun = viewOf(added(0, message(text('Hello', { annotations }), text(''))));
    const delta = { type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 1, delta: 'a' } as const;
    const grown = applyEvent(begun, { ...delta, seq: 9, at: 9 });
    expect(viewParts(grown)).toHaveLength(2);
    expect(viewParts(grown)[0]).toBe(viewParts(begun)[0]);
  });

  test('a citation with an address that runs code is not a link', () => {
    const annotations = [{ type: 'url_citation', url: 'javascript:alert(1)', title: 'A' }];
    const [part] = partsOf(message(text('Hello', { annotations })));
    expect(part).toMatchObject({ annotations: [{ type: 'other', annotation: annotations[0] }] });
    expect(
      partsOf({ type: 'code_interpreter_call', outputs: [{ type: 'image', url: 'javascript:alert(1)' }] }),
    ).toEqual([
      expect.objectContaining({ type: 'hosted_tool' }),
      { type: 'file', key: '0/0/0', iteration: 0, done: true },
    ]);
  });

  test('a file of the code interpreter that a text cites follows the text, once', () => {
    const cited = {
      type: 'container_file_citation',
      container_id: 'cntr_1',
      file_id: 'cfile_1',
      filename: 'a.csv',
    };
    const annotations = [
      { ...cited, start_index: 0, end_index: 5 },
      { ...cited, start_index: 6, end_index: 9 },
      { ...cited, file_id: 'cfile_2', filename: 'b.csv' },
    ];
    const file = { type: 'file', containerId: 'cntr_1', iteration: 0, done: true } as const;
    expect(partsOf(message(text('a.csv b.csv', { annotations })))).toEqual([
      expect.objectContaining({ type: 'text' }),
      { ...file, fileId: 'cfile_1', filename: 'a.csv', key: '0/0/0/cfile_1' },
      { ...file, fileId: 'cfile_2', filename: 'b.csv', key: '0/0/0/cfile_2' },
    ]);
  });

  test('a content part of an unknown type is another part (I10)', () => {
    const odd = { type: 'hologram', depth: 3 };
    expect(partsOf(message(odd, { depth: 3 }))).toEqual([
      { type: 'other', item: odd, key: '0/0/0', iteration: 0, done: true },
    ]);
  });
});

describe('reasoning', () => {
  const summary = [
    { type: 'summary_text', text: 'First.' },
    { type: 'summary_text', text: 'Second.' },
  ];
  test.each([
    ['its summary', { summary }, 'First.\n\nSecond.'],
    [
      'its text without a summary',
      { summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      'Hm.',
    ],
  ])('is %s', (_name, fields, shown) => {
    expect(partsOf({ type: 'reasoning', ...fields })).toEqual([
      { type: 'reasoning', text: shown, key: '0/0', iteration: 0, done: true },
    ]);
  });

  test('without text is left out', () => {
    expect(
      partsOf({ type: 'reasoning', summary: [], encrypted_content: 'x' }, { type: 'reasoning' }),
    ).toEqual([]);
  });
});

describe('tools', () => {
  test('a call stands at the place of its item, and is done when it is settled', () => {
    const view = viewOf(done(0, call('c1')), done(1, message(text('Hi'))));
    const shown = viewParts(view);
    expect(shown.map(({ type }) => type)).toEqual(['tool', 'text']);
    expect(shown[0]).toMatchObject({ key: '0/0', done: false, call: { callId: 'c1', arguments: { a: 1 } } });
    expect(shown[0]).toHaveProperty('call', view.toolCalls[0]);
    const settled = {
      type: 'tool.settled',
      iteration: 0,
      callId: 'c1',
      name: 'f',
      status: 'completed',
    } as const;
    expect(viewParts(viewOf(done(0, call('c1')), settled))[0]).toMatchObject({ done: true, key: '0/0' });
  });

  test('a call that a server sends twice is shown once, at the first item', () => {
    expect(partsOf(call('c1'), message(text('Hi')), call('c1')).map(({ key }) => key)).toEqual([
      '0/0',
      '0/1/0',
    ]);
  });

  test('calls with the same id in two iterations are two parts', () => {
    const view = viewOf(done(0, call('c1')), done(0, call('c1'), 1));
    expect(viewParts(view).map(({ key }) => key)).toEqual(['0/0', '1/0']);
  });

  test('a call whose fields a page does not see is a tool part', () => {
    const hidden = { callId: 'c1', name: 'secret' };
    const view = viewOf({ ...done(0, { type: 'function_call', id: 'x' }), call: hidden });
    expect(viewParts(view)).toMatchObject([{ type: 'tool', call: { name: 'secret' }, key: '0/0' }]);
  });

  test('every call is shown, if a gateway sends all items with one index', () => {
    const view = viewOf(done(0, call('c1')), done(0, call('c2')), done(0, message(text('Hi')), 1));
    expect(viewParts(view).map(({ key }) => key)).toEqual(['0/0', 'call/0/c1', '1/0/0']);
  });

  test('a call of a hosted MCP server that a person must approve is a tool part', () => {
    const request = {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      name: 'f',
      server_label: 's',
      arguments: '{}',
    };
    expect(partsOf(request)).toMatchObject([{ type: 'tool', call: { callId: 'mcpr_1', serverLabel: 's' } }]);
  });

  test('outputs are not parts; a call that the server has answered is a hosted tool with its output', () => {
    const output = { type: 'function_call_output', call_id: 'c1', output: '1' };
    expect(partsOf(call('c1'), output, { type: 'mcp_approval_response', approval_request_id: 'x' })).toEqual([
      {
        type: 'hosted_tool',
        name: 'function',
        status: 'completed',
        item: call('c1'),
        output,
        key: '0/0',
        iteration: 0,
        done: true,
      },
    ]);
    const [shell, shellOutput] = [
      { type: 'shell_call', call_id: 's1', status: 'completed' },
      { type: 'shell_call_output', call_id: 's1', output: [] },
    ];
    expect(partsOf(shell, shellOutput)).toMatchObject([{ name: 'shell', output: shellOutput }]);
    // An output without the id of its call belongs to none.
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    expect(partsOf(search, { type: 'tool_search_output', tools: [] })[0]).not.toHaveProperty('output');
  });
});

describe('order', () => {
  test('parts have the order of iterations and output indexes, regardless of the order of events', () => {
    const view = viewOf(
      done(1, message(text('d')), 1),
      done(2, message(text('c'))),
      done(0, message(text('a'))),
      done(1, message(text('b'))),
    );
    expect(viewParts(view).flatMap((part) => (part.type === 'text' ? [part.text] : []))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('steered input stands before the items of the iteration that received it', () => {
    const steer = (steerId: string, input: string) => ({ type: 'input.steered', steerId, input }) as const;
    const view = viewOf(
      done(0, message(text('a'))),
      ...[steer('s1', 'Shorter.'), steer('s2', 'Never sent.'), steer('s3', 'In French.')],
      { type: 'input.sent', iteration: 1, steerIds: ['s1', 's3'] },
      done(0, message(text('b')), 1),
    );
    expect(viewParts(view)).toMatchObject([
      { type: 'text', text: 'a' },
      {
        type: 'input',
        steerId: 's1',
        key: 'steer/s1',
        iteration: 1,
        parts: [{ type: 'text', text: 'Shorter.', iteration: 1 }],
      },
      { type: 'input', steerId: 's3', parts: [{ text: 'In French.', key: 'steer/s3/0/0' }] },
      { type: 'text', text: 'b' },
    ]);
  });

  test.each(['failed', 'incomplete'] as const)('the error of a %s run is the last part', (status) => {
    const parts = viewParts(
      viewOf(done(0, message(text('a'))), done(0, message(text('b')), 1), ended(status)),
    );
    expect(parts.map(({ type }) => type)).toEqual(['text', 'text', 'error']);
    expect(parts[2]).toEqual({
      type: 'error',
      error: { code: 'odd', message: 'Odd.' },
      key: 'error',
      iteration: 0,
      done: true,
    });
  });

  test('a view of an older version, from a persisted query cache, has no steered input and the other parts', () => {
    const { steered, ...older } = viewOf(done(0, message(text('a'))), ended('completed'));
    expect(steered).toEqual([]);
    const restored: ReturnType<typeof viewOf> = JSON.parse(JSON.stringify(older));
    expect(viewParts(restored).map(({ type }) => type)).toEqual(['text']);
  });

  test('a cancelled run has no error part', () => {
    expect(
      viewParts(viewOf(done(0, message(text('a'))), ended('cancelled'))).map(({ type }) => type),
    ).toEqual(['text']);
  });
});
