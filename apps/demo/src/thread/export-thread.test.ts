import { inputParts, type Part, type ToolCallView } from '@longhaul/core';
import { expect, test } from 'vitest';
import { threadJson, threadMarkdown, type ExportedThread } from './export-thread.ts';

const call: ToolCallView = {
  callId: 'call_1',
  name: 'query_data',
  arguments: { sql: 'SELECT 1' },
  rawArguments: '{"sql":"SELECT 1"}',
  status: 'completed',
  iteration: 0,
  output: { rows: [[1]] },
};

const base = { key: '0/0', iteration: 0, done: true } as const;
const parts: readonly Part[] = [
  { ...base, type: 'reasoning', text: 'I query\nthe data.' },
  { ...base, type: 'tool', call },
  { ...base, type: 'input', parts: inputParts('And in Fahrenheit') },
  { ...base, type: 'text', text: 'It is **1**.', annotations: [] },
];

const thread: ExportedThread = {
  threadId: 'thread_1',
  title: 'One',
  turns: [{ runId: 'run_1', status: 'cancelled', input: inputParts('How much?'), parts }],
};

test('Markdown has the questions, the calls, the steered input, the answers and how a turn ended', () => {
  expect(threadMarkdown(thread)).toBe(
    [
      '# One',
      '## You',
      'How much?',
      '## Agent',
      '> I query\n> the data.',
      '**Tool `query_data`** (completed)',
      '```json\n{\n  "sql": "SELECT 1"\n}\n```',
      '```json\n{\n  "rows": [\n    [\n      1\n    ]\n  ]\n}\n```',
      '> And in Fahrenheit',
      'It is **1**.',
      '*Cancelled*\n',
    ].join('\n\n'),
  );
});

test('a fence is longer than the fences in the text', () => {
  const output = 'a ```` b';
  const turn = { ...thread.turns[0], runId: 'r', status: 'completed' as const, input: [] };
  const tool: Part = { ...base, type: 'tool', call: { ...call, output } };
  expect(threadMarkdown({ ...thread, turns: [{ ...turn, parts: [tool] }] })).toContain(
    '`````json\na ```` b\n`````',
  );
});

test('JSON has the parts of each turn', () => {
  expect(JSON.parse(threadJson(thread))).toEqual(JSON.parse(JSON.stringify(thread)));
});
