// @vitest-environment happy-dom
import { once } from 'node:events';
import { configure, fireEvent, screen, within } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { closePage, reopenPage } from './example-page.ts';
import { startExamples } from './start-examples.ts';

configure({ asyncUtilTimeout: untilTestEnds });

declare global {
  interface Window {
    readonly happyDOM: { setURL(url: string): void };
  }
}

const openPage = (): Promise<void> => reopenPage(() => import('./examples/chat.tsx'));

function say(text: string): void {
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } });
  fireEvent.click(screen.getByText('Send'));
}

const turns = (): HTMLElement[] => screen.getAllByRole('article');

test('the page of the guide: turns, an approval after a restart of the server, branches, and the list of chats', async () => {
  const { serve } = await startExamples(({ items, userText }) => {
    const isAnswered = items.at(-1)?.type === 'function_call_output';
    if (userText.startsWith('Refund') && !isAnswered)
      return { calls: [{ name: 'refund', arguments: { orderId: 'A1' } }] };
    return { text: `Answer to: ${userText} (${items.length} items)` };
  });
  const env = { SHOP_URL: 'http://127.0.0.1:9', SHOP_KEY: 'key' };
  const first = await serve('server.ts', env);
  onTestFinished(closePage);
  window.happyDOM.setURL(first.url);
  await openPage();

  say('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
  say('Refund A1.');
  await screen.findByText('Approve');
  expect(location.hash).not.toBe('');
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await serve('server.ts', { ...env, PORT: new URL(first.url).port });

  await openPage();
  fireEvent.click(await screen.findByText('Deny'));
  await screen.findByText(/Answer to: Refund A1\./);
  expect(turns()).toHaveLength(2);

  vi.stubGlobal('prompt', () => 'Goodbye.');
  fireEvent.click(within(turns()[1] ?? document.body).getByText('Edit'));
  await screen.findByText('Answer to: Goodbye. (3 items)');
  fireEvent.click(await screen.findByText('Version 1'));
  await screen.findByText(/Answer to: Refund A1\./);

  fireEvent.click(screen.getByText('New chat'));
  await vi.waitFor(() => expect(screen.queryAllByRole('article')).toEqual([]));
  say('Another subject.');
  await screen.findByText('Answer to: Another subject. (1 items)');
  fireEvent.click(await screen.findByText(/^Hello\.: /));
  await screen.findByText('Answer to: Hello. (1 items)');

  // A refused action is shown, and the page stays.
  Object.assign(screen.getByLabelText('Files'), {
    files: [new File(['x'], 'notes.txt', { type: 'text/plain' })],
  });
  say('Read this.');
  await screen.findByText(/notes\.txt/);
  await screen.findByText('Answer to: Hello. (1 items)');
});
