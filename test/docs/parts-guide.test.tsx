import { createRunner, fetchClient } from '@longhaul/core';
import { createEmulator, manualClock, type Iteration } from '@longhaul/core/testing';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Turn } from './examples/answer.tsx';
import { agent } from './examples/approve.ts';
import { inputOf } from './examples/attach.ts';

const script: readonly Iteration[] = [
  {
    reasoning: 'The order is old.',
    calls: [{ name: 'refund', arguments: { orderId: 'A1', amount: 20 }, callId: 'call_1' }],
  },
  {
    items: [
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'rules' } },
      { type: 'image_generation_call', status: 'completed', result: 'aW1n', revised_prompt: 'A receipt' },
      {
        ...{ type: 'message', role: 'assistant', status: 'completed' },
        content: [
          {
            ...{ type: 'output_text', text: 'Refunded, by the rules.' },
            annotations: [
              {
                type: 'url_citation',
                url: 'https://a.test/',
                title: 'Rules',
                start_index: 13,
                end_index: 22,
              },
              {
                ...{ type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1' },
                ...{ filename: 'receipt.pdf', start_index: 0, end_index: 8 },
              },
            ],
          },
        ],
      },
    ],
  },
];

test('show an answer: a turn shows the input, calls, hosted tools, images, citations and files of all iterations', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script, clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const photo = new File([new Uint8Array([1])], 'a.png', { type: 'image/png' });
  const run = createRunner({ client, clock }).start(agent, await inputOf('My order is broken.', [photo]));
  await clock.advance(120_000);
  await run.result();
  expect(renderToStaticMarkup(<Turn view={run.view} />)).toBe(
    [
      '<article><blockquote><img src="data:image/png;base64,AQ==" alt="" aria-busy="false"/>',
      '<p>My order is broken.</p></blockquote>',
      '<details>The order is old.</details>',
      '<p>refund A1: completed</p>',
      '<p>web_search: completed</p>',
      '<p>image_generation: completed</p>',
      '<img src="data:image/png;base64,aW1n" alt="A receipt" aria-busy="false"/>',
      '<p>Refunded, by the rules.<a href="https://a.test/">Rules</a></p>',
      '<p>receipt.pdf</p></article>',
    ].join(''),
  );
});

test('attach files: a file that is not sent inline is uploaded to the site', async () => {
  const sent = vi.fn<typeof fetch>(async () => Response.json({ url: 'https://files.test/1' }));
  vi.stubGlobal('fetch', sent);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const table = new File(['a;b'], 'a.csv', { type: 'text/csv' });
  expect(await inputOf('Add up.', [table])).toEqual([
    { role: 'user', content: [{ type: 'input_file', file_url: 'https://files.test/1' }] },
    { role: 'user', content: 'Add up.' },
  ]);
  sent.mockResolvedValue(new Response(null, { status: 507 }));
  await expect(inputOf('Add up.', [table])).rejects.toThrow('The upload of a.csv failed: 507.');
});
