// @vitest-environment happy-dom
import { once } from 'node:events';
import type { Emulator, Script } from '@longhaul/core/testing';
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

const shop = { SHOP_URL: 'http://127.0.0.1:9', SHOP_KEY: 'key' };
const photo = new File([new Uint8Array([1])], 'a.png', { type: 'image/png' });
const openPage = (): Promise<void> => reopenPage(() => import('./examples/chat.tsx'));

/** Sends a message as soon as the page has sent the one before. */
async function say(text: string): Promise<void> {
  await vi.waitFor(() => expect(screen.getByText('Send')).toHaveProperty('disabled', false));
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } });
  fireEvent.click(screen.getByText('Send'));
}

const turns = (): HTMLElement[] => screen.getAllByRole('article');

const shownChat = (): string => location.hash.slice(1);

function attach(...files: readonly File[]): void {
  Object.assign(screen.getByLabelText('Files'), { files });
}

/** The inputs of the creates that the API received, newest last. */
const inputsOf = ({ requests }: Emulator): readonly unknown[] =>
  requests.filter(({ method }) => method === 'POST').map(({ body }) => Reflect.get(Object(body), 'input'));

async function openChat(script: Script): Promise<Emulator> {
  const { emulator, serve } = await startExamples(script);
  const { url } = await serve('server.ts', shop);
  onTestFinished(closePage);
  window.happyDOM.setURL(url);
  await openPage();
  return emulator;
}

test('the page of the guide: turns, an approval after a restart of the server, branches, and the list of chats', async () => {
  const { serve } = await startExamples(({ items, userText }) => {
    const isAnswered = items.at(-1)?.type === 'function_call_output';
    if (userText.startsWith('Refund') && !isAnswered)
      return { calls: [{ name: 'refund', arguments: { orderId: 'A1' } }] };
    return { text: `Answer to: ${userText} (${items.length} items)` };
  });
  const first = await serve('server.ts', shop);
  onTestFinished(closePage);
  window.happyDOM.setURL(first.url);
  await openPage();

  await say('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
  await say('Refund A1.');
  await screen.findByText('Approve');
  expect(location.hash).not.toBe('');
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await serve('server.ts', { ...shop, PORT: new URL(first.url).port });

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
  await say('Another subject.');
  await screen.findByText('Answer to: Another subject. (1 items)');
  fireEvent.click(await screen.findByText(/^Hello\.: /));
  await screen.findByText('Answer to: Hello. (1 items)');
});

test('a refused message stays in the form, and its files too', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  attach(new File(['x'], 'notes.txt', { type: 'text/plain' }));
  await say('Read this.');
  await screen.findByText(/notes\.txt/);
  expect(screen.getByLabelText('Message')).toHaveProperty('value', 'Read this.');
  expect(screen.getByLabelText('Files')).toHaveProperty('files.length', 1);
  expect(inputsOf(emulator)).toEqual([]);
  expect(shownChat()).toBe('');

  attach(photo);
  fireEvent.click(screen.getByText('Send'));
  await screen.findByText('Answer to: Read this.');
  expect(screen.getByLabelText('Message')).toHaveProperty('value', '');
});

test('an edit starts with the old text, and keeps the files', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  attach(photo, new File(['%PDF'], 'a.pdf', { type: 'application/pdf' }));
  await say('What is this?');
  await screen.findByText('Answer to: What is this?');
  const ask = vi.fn(() => 'And this?');
  vi.stubGlobal('prompt', ask);
  fireEvent.click(screen.getByText('Edit'));
  await screen.findByText('Answer to: And this?');
  expect(ask).toHaveBeenCalledWith(expect.anything(), 'What is this?');
  const files = [
    { type: 'input_image', image_url: 'data:image/png;base64,AQ==' },
    { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
  ];
  expect(inputsOf(emulator)).toEqual([
    [...files.map((file) => ({ role: 'user', content: [file] })), { role: 'user', content: 'What is this?' }],
    [{ role: 'user', content: [...files, { type: 'input_text', text: 'And this?' }] }],
  ]);
});

test('the address selects the chat, and a chat that is not available is a sentence', async () => {
  await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  await say('Hello.');
  await screen.findByText('Answer to: Hello.');
  const first = shownChat();
  fireEvent.click(screen.getByText('New chat'));
  await vi.waitFor(() => expect(screen.queryAllByRole('article')).toEqual([]));
  await say('Another subject.');
  await screen.findByText('Answer to: Another subject.');
  // The Back button changes the address in the same way.
  location.hash = first;
  await screen.findByText('Answer to: Hello.');

  closePage();
  location.hash = 'unknown';
  await openPage();
  await screen.findByText('This chat is not available. Start a new one.');
  expect(screen.getByText('Send')).toHaveProperty('disabled', true);
  fireEvent.click(screen.getByText('New chat'));
  await say('Hello again.');
  await screen.findByText('Answer to: Hello again.');
  expect(screen.queryByText(/not available/)).toBeNull();

  await reopenPage(() => import('./examples/chat.tsx'), 'token-of-bob');
  await screen.findByText('This chat is not available. Start a new one.');
});

test('a waiting message is removed by the button that has its text, and a stopped turn has no error', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  emulator.holdQueue();
  await say('Hello.');
  await screen.findByText('Stop');
  await say('And then?');
  fireEvent.click(await screen.findByRole('button', { name: /And then\?/ }));
  await vi.waitFor(() => expect(screen.queryByRole('button', { name: /And then\?/ })).toBeNull());

  await vi.waitFor(() => expect(inputsOf(emulator)).toHaveLength(1));
  fireEvent.click(screen.getByText('Stop'));
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('cancelled'));
  await openPage();
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('cancelled'));
  expect(screen.queryByText(/was cancelled/)).toBeNull();
});
