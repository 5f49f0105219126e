// @vitest-environment happy-dom
import { once } from 'node:events';
import type { Emulator, Script } from '@longhaul/core/testing';
import { configure, fireEvent, screen, within } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { closePage, reopenPage } from './example-page.ts';
import { closeRunners } from './recorded-runners.ts';
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

function say(text: string): void {
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } });
  fireEvent.click(screen.getByText('Send'));
}

const turns = (): HTMLElement[] => screen.getAllByRole('article');

const shownChat = (): string | null => new URLSearchParams(location.search).get('chat');

/** Opens the address in the page, as a browser does after a click on a link. happy-dom does not follow links. */
async function goTo(address: string): Promise<void> {
  closePage();
  window.happyDOM.setURL(new URL(address, location.href).href);
  await openPage();
}

/** Follows a link of the page. */
async function follow(name: string): Promise<void> {
  const link = await screen.findByRole('link', { name });
  await goTo(link.getAttribute('href') ?? '');
}

function attach(...files: readonly File[]): void {
  Object.assign(screen.getByLabelText('Files'), { files });
}

/** The inputs of the creates that the API received, newest last. */
const inputsOf = ({ requests }: Emulator): readonly unknown[] =>
  requests.filter(({ method }) => method === 'POST').map(({ body }) => Reflect.get(Object(body), 'input'));

async function openChat(script: Script): Promise<Emulator> {
  const { emulator, serve } = await startExamples(script);
  const { url } = await serve('server.ts', shop);
  onTestFinished(closeRunners);
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
  onTestFinished(closeRunners);
  onTestFinished(closePage);
  window.happyDOM.setURL(first.url);
  await openPage();

  say('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
  say('Refund A1.');
  await screen.findByText('Approve');
  expect(shownChat()).not.toBeNull();
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

  await follow('New chat');
  expect(screen.queryAllByRole('article')).toEqual([]);
  say('Another subject.');
  await screen.findByText('Answer to: Another subject. (1 items)');
  await follow('Hello.');
  await screen.findByText('Answer to: Hello. (1 items)');
});

test('a refused message stays in the form, and its files too', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  attach(new File(['x'], 'notes.txt', { type: 'text/plain' }));
  say('Read this.');
  await screen.findByText(/notes\.txt/);
  expect(screen.getByLabelText('Message')).toHaveProperty('value', 'Read this.');
  expect(screen.getByLabelText('Files')).toHaveProperty('files.length', 1);
  expect(inputsOf(emulator)).toEqual([]);
  expect(shownChat()).toBeNull();

  attach(photo);
  fireEvent.click(screen.getByText('Send'));
  await screen.findByText('Answer to: Read this.');
  expect(screen.getByLabelText('Message')).toHaveProperty('value', '');
});

test('an edit starts with the old text, and keeps the files', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  attach(photo, new File(['%PDF'], 'a.pdf', { type: 'application/pdf' }));
  say('What is this?');
  await screen.findByText('Answer to: What is this?');
  const ask = vi.fn(() => 'And this?');
  vi.stubGlobal('prompt', ask);
  fireEvent.click(screen.getByText('Edit'));
  await screen.findByText('Answer to: And this?');
  expect(ask).toHaveBeenCalledWith(expect.anything(), 'What is this?');
  const image = { type: 'input_image', image_url: 'data:image/png;base64,AQ==' };
  const file = { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' };
  const files = [image, file].map((part) => ({ role: 'user', content: [part] }));
  expect(inputsOf(emulator)).toEqual([
    [...files, { role: 'user', content: 'What is this?' }],
    [...files, { role: 'user', content: 'And this?' }],
  ]);
});

test('the address selects the chat, and a chat that is not available is a sentence', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  say('Hello.');
  await screen.findByText('Answer to: Hello.');
  const first = location.href;
  await follow('New chat');
  say('Another subject.');
  await screen.findByText('Answer to: Another subject.');
  expect(turns()).toHaveLength(1);
  // The Back button opens the previous address.
  await goTo(first);
  await screen.findByText('Answer to: Hello.');
  expect(turns()).toHaveLength(1);

  await goTo('?chat=unknown');
  await screen.findByText('This chat is not available.');
  await follow('New chat');
  say('Hello again.');
  await screen.findByText('Answer to: Hello again.');
  expect(screen.queryByText(/not available/)).toBeNull();

  await reopenPage(() => import('./examples/chat.tsx'), 'token-of-bob');
  await screen.findByText('This chat is not available.');
  expect(screen.queryAllByRole('article')).toEqual([]);
  say('Show me the chat.');
  await screen.findByText('Retry');
  expect(screen.queryByText(/^Answer to/)).toBeNull();
  expect(inputsOf(emulator)).toHaveLength(3);
});

test('a waiting message is removed by the button that has its text, and a stopped turn has no error', async () => {
  const emulator = await openChat(({ userText }) => ({ text: `Answer to: ${userText}` }));
  emulator.holdQueue();
  say('Hello.');
  await screen.findByText('Stop');
  say('And then?');
  const waiting = (): HTMLElement[] => screen.queryAllByRole('button', { name: '✕ And then?' });
  await expect.poll(() => waiting()).toHaveLength(1);
  say('And then?');
  await expect.poll(() => waiting()).toHaveLength(2);
  for (const button of waiting()) fireEvent.click(button);
  await expect.poll(() => waiting()).toEqual([]);

  await expect.poll(() => inputsOf(emulator)).toHaveLength(1);
  fireEvent.click(screen.getByText('Stop'));
  await expect.poll(() => screen.getByRole('status').textContent).toBe('cancelled');
  await openPage();
  await expect.poll(() => screen.getByRole('status').textContent).toBe('cancelled');
  expect(screen.queryByText(/was cancelled/)).toBeNull();
});
