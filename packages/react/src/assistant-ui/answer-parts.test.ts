import type { Part, ToolCallStatus, ToolCallView } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { answerParts } from './answer-parts.ts';

const at = { key: '0/0', iteration: 0, done: true };

function callPart(call: Partial<ToolCallView>): Part {
  const view = { callId: 'call_1', name: 'refund', rawArguments: '{"order":"A1"}', iteration: 0 };
  return { type: 'tool', ...at, call: { ...view, status: 'pending', ...call } };
}

function shown(part: Part): unknown {
  return answerParts(part, 'run-1')[0];
}

describe('the parts of an answer', () => {
  test('a text has its citations as sources, each page once', () => {
    const page = { type: 'url_citation', url: 'https://example.com', title: 'Example' } as const;
    const parts = answerParts(
      {
        ...{ type: 'text', ...at, text: 'See this.', phase: 'commentary' },
        annotations: [
          { ...page, start: 0, end: 3 },
          { ...page, start: 4, end: 8 },
          { type: 'file_citation', filename: 'plan.pdf' },
          { type: 'other', annotation: { type: 'new' } },
        ],
      },
      'run-1',
    );
    expect(parts).toMatchObject([
      { type: 'text', text: 'See this.', providerMetadata: { longhaul: { phase: 'commentary' } } },
      { type: 'source', sourceType: 'url', url: 'https://example.com', title: 'Example' },
      { type: 'source', sourceType: 'document', title: 'plan.pdf', mediaType: 'application/pdf' },
      { type: 'data', name: 'longhaul-annotation' },
    ]);
    expect(new Set(parts.map((part) => 'id' in part && part.id)).size).toBe(4);
  });

  test.each<[ToolCallStatus, Partial<ToolCallView>, object]>([
    ['pending', {}, {}],
    ['awaiting_approval', {}, { approval: { id: 'run-1/call_1' } }],
    ['awaiting_output', {}, {}],
    ['running', { decidedBy: 'ann' }, { approval: { approved: true } }],
    ['completed', { output: { refunded: 1 } }, { result: { refunded: 1 } }],
    ['completed', {}, { result: null }],
    ['failed', { error: { code: 'tool_failed', message: 'No.' } }, { result: 'No.', isError: true }],
    ['denied', {}, { result: 'denied', isError: true, approval: { approved: false } }],
    [
      'cancelled',
      { approvalView: 'A1' },
      { result: 'cancelled', isError: true, approval: { resolution: 'cancelled' } },
    ],
    ['timed_out', {}, { result: 'timed_out', isError: true }],
  ])('a call that is %s %o', (status, call, expected) => {
    const part = shown(callPart({ ...call, status }));
    const named = { type: 'tool-call', toolCallId: 'call_1', toolName: 'refund' };
    expect(part).toMatchObject({ ...named, args: { order: 'A1' }, ...expected });
    // assistant-ui shows a call as settled if it has a result.
    for (const field of ['result', 'isError', 'approval'])
      if (!(field in expected)) expect(part).not.toHaveProperty(field);
  });

  test('the arguments of a call stream', () => {
    expect(shown(callPart({ rawArguments: '{"order":"A1","why":"bro' }))).toMatchObject({
      args: { order: 'A1', why: 'bro' },
      argsText: '{"order":"A1","why":"bro',
    });
    expect(shown(callPart({ rawArguments: '' }))).toMatchObject({ args: {} });
    expect(shown(callPart({ rawArguments: 'not JSON' }))).toMatchObject({ args: {} });
    expect(shown(callPart({ rawArguments: '[1]' }))).toMatchObject({ args: {} });
  });

  test('a hosted tool is a call whose result is its item', () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'rain' } };
    const part: Part = { type: 'hosted_tool', ...at, name: 'web_search', status: 'completed', item };
    expect(shown(part)).toMatchObject({
      ...{ toolName: 'web_search', args: { action: { query: 'rain' } }, result: item, artifact: part },
    });
    expect(shown({ ...part, done: false })).not.toHaveProperty('result');
  });

  test('a file has its address or its id, and is data without any of them', () => {
    const file: Part = { type: 'file', ...at, filename: 'table.csv' };
    expect(shown(file)).toMatchObject({ type: 'data', name: 'longhaul-file', data: file });
    expect(shown({ ...file, fileId: 'file_1' })).toMatchObject({ data: 'file_1', sourceType: 'id' });
    expect(shown({ ...file, url: 'https://example.com/t' })).toMatchObject({
      ...{ data: 'https://example.com/t', sourceType: 'url', mimeType: 'text/csv' },
    });
    expect(shown({ ...file, url: 'data:text/plain;base64,YQ==' })).toMatchObject({ mimeType: 'text/plain' });
  });

  test('an unchanged part has the same parts', () => {
    const part = callPart({});
    expect(answerParts(part, 'run-1')).toBe(answerParts(part, 'run-1'));
    expect(answerParts(part, 'run-2')).not.toBe(answerParts(part, 'run-1'));
  });
});
