import { describe, expect, test } from 'vitest';
import { added, done, partsOf, viewOf } from '../../test-support/parts-of.ts';
import type { RunEventBody } from '../engine/view/run-event.ts';
import { viewParts } from './view-parts.ts';

describe('hosted tools', () => {
  test.each([
    ...['web_search', 'file_search', 'code_interpreter', 'image_generation', 'mcp', 'shell', 'local_shell'],
    ...['apply_patch', 'computer', 'tool_search', 'multi_agent', 'future'],
  ])('%s_call', (name) => {
    const one = { type: `${name}_call`, status: 'searching' };
    expect(partsOf(one)).toEqual([
      { type: 'hosted_tool', name, status: 'searching', item: one, key: '0/0', iteration: 0, done: true },
    ]);
  });

  test.each(['mcp_list_tools', 'program'])('%s', (name) => {
    expect(partsOf({ type: name })).toMatchObject([{ type: 'hosted_tool', name, status: 'completed' }]);
  });

  test.each(['compaction', 'additional_tools', 'agent_message', 'unheard_of'])(
    '%s is another part (I10)',
    (type) => {
      expect(partsOf({ type, id: 'x' })).toEqual([
        { type: 'other', item: { type, id: 'x' }, key: '0/0', iteration: 0, done: true },
      ]);
    },
  );

  test('the status of a tool that sends none depends on its end', () => {
    const tool = { type: 'mcp_call', id: 'mcp_1', name: 'f' };
    const statusOf = (...bodies: readonly RunEventBody[]) =>
      viewParts(viewOf(...bodies)).flatMap((part) => (part.type === 'hosted_tool' ? [part.status] : []));
    expect(statusOf(added(0, tool))).toEqual(['in_progress']);
    expect(statusOf(done(0, tool))).toEqual(['completed']);
    expect(statusOf(done(0, { ...tool, error: 'Down.' }))).toEqual(['failed']);
  });

  test('the images of a code interpreter follow it; its logs are in its item', () => {
    const outputs = [
      { type: 'logs', logs: 'a' },
      { type: 'image', url: 'https://a.test/1.png' },
      { type: 'image', url: 'data:image/png;base64,aW1n' },
    ];
    expect(partsOf({ type: 'code_interpreter_call', status: 'completed', outputs })).toEqual([
      expect.objectContaining({ type: 'hosted_tool', name: 'code_interpreter', key: '0/0' }),
      { type: 'image', url: 'https://a.test/1.png', partial: false, key: '0/0/1', iteration: 0, done: true },
      {
        type: 'image',
        url: 'data:image/png;base64,aW1n',
        partial: false,
        key: '0/0/2',
        iteration: 0,
        done: true,
      },
    ]);
    expect(partsOf({ type: 'code_interpreter_call', outputs: null })).toHaveLength(1);
  });

  test('a generated image follows its tool, partial until it is done', () => {
    const generation = { type: 'image_generation_call', status: 'generating', result: null };
    const image = {
      type: 'item.image',
      iteration: 0,
      outputIndex: 0,
      image: 'YQ==',
      format: 'webp',
    } as const;
    const imagesOf = (...bodies: readonly RunEventBody[]) =>
      viewParts(viewOf(added(0, generation), ...bodies)).filter(({ type }) => type === 'image');
    expect(imagesOf()).toEqual([]);
    const partial = { type: 'image', partial: true, key: '0/0/0', iteration: 0, done: false } as const;
    expect(imagesOf(image)).toEqual([{ ...partial, url: 'data:image/webp;base64,YQ==' }]);
    expect(imagesOf(image, { ...image, image: 'Yg==' })).toEqual([
      { ...partial, url: 'data:image/webp;base64,Yg==' },
    ]);
    const whole = { ...generation, status: 'completed', result: 'Yw==', revised_prompt: 'A cat' };
    expect(imagesOf(image, done(0, whole))).toEqual([
      { ...partial, url: 'data:image/png;base64,Yw==', prompt: 'A cat', partial: false, done: true },
    ]);
    const svg = { ...whole, output_format: 'svg' };
    expect(imagesOf(done(0, svg))[0]).toHaveProperty('url', 'data:image/svg+xml;base64,Yw==');
  });
});
