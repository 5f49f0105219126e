// Imported here for Vite. If it first finds a dependency in an iframe, it reloads the page that is under test.
import 'react-dom/client';
import '@ai-sdk/react';
import 'ai';
import { createEmulator, type Emulator, manualClock, type Script } from '@longhaul/core/testing';
import { fireEvent, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerPages,
  closeFramedPages,
  type FramedPage,
  openFramedPage,
  soon,
} from '../../test-support/framed-page.ts';

const pageModule = new URL('../../test-support/chat-proof-page.tsx', import.meta.url).href;
const runMs = 4_000;
const question = 'A table for two, please.';

/** Books a table, and says what the tool has returned. Otherwise, repeats the texts of the user. */
const script: Script = ({ items, userText, outputs }) => {
  const isAnswered = items.at(-1)?.type?.endsWith('_output') === true;
  if (isAnswered) return { text: String(Object.values(outputs).at(-1)) };
  if (userText.includes('table')) return { calls: [{ name: 'book_table', arguments: { seats: 2 } }] };
  const said = items.flatMap(({ role, content }) => (role === 'user' ? [String(content)] : []));
  return { text: `You have said: ${said.join(' ')}`, runMs };
};

let emulator: Emulator;
let threads = 0;
let clock = manualClock(Date.now());

beforeEach(() => {
  clock = manualClock(Date.now());
  emulator = createEmulator({ script, clock, queuedMs: 0, runMs: 0 });
  answerPages(() => emulator);
});
afterEach(closeFramedPages);

const creates = (): number =>
  emulator.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/responses')).length;

/** The articles of a page: who says what. */
function shown(page: FramedPage): string[] {
  return page
    .screen()
    .queryAllByRole('article')
    .map((article: Element) => `${article.getAttribute('aria-label')}: ${article.textContent}`);
}

async function openChat(): Promise<FramedPage> {
  threads += 1;
  const page = openFramedPage(pageModule, `#thread-${Date.now()}-${threads}`);
  await waitFor(() => expect(page.status()).toBe('ready'), soon);
  return page;
}

function send(page: FramedPage, text: string): void {
  const input = page.screen().getByLabelText('Message');
  fireEvent.change(input, { target: { value: text } });
  fireEvent.click(page.screen().getByText('Send'));
}

/** Lets the API answer until the assertion holds. */
async function until(assertion: () => void): Promise<void> {
  await waitFor(async () => {
    await clock.advance(50);
    assertion();
  }, soon);
}

/** Sends a text, and waits until a part of its answer is shown. */
async function sendAndRead(page: FramedPage, text: string): Promise<string> {
  send(page, text);
  await until(() => expect(shown(page).at(-1)).toMatch(/^assistant: You/));
  return shown(page).at(-1) ?? '';
}

describe('the page of the guide with useChat', () => {
  test('shows the conversation after a reload, and continues it', async () => {
    const page = await openChat();
    send(page, 'Hello.');
    // The status is also `ready` before the message is sent, and the whole text is shown before the run has ended.
    await until(() => expect(shown(page)).toEqual(['user: Hello.', 'assistant: You have said: Hello.']));
    await until(() => expect(page.status()).toBe('ready'));
    await page.reload();
    await until(() => expect(shown(page)).toHaveLength(2));
    await until(() => expect(page.status()).toBe('ready'));
    send(page, 'More.');
    await until(() => expect(shown(page).at(-1)).toBe('assistant: You have said: Hello. More.'));
    expect(shown(page)).toHaveLength(4);
    expect(creates()).toBe(2);
  });

  test('a reload in the middle of an answer: the text continues, once', async () => {
    const page = await openChat();
    const before = await sendAndRead(page, 'A long story, please.');
    expect(before).not.toContain('please.');
    await page.reload();
    await until(() => expect(shown(page).at(-1)).toBe('assistant: You have said: A long story, please.'));
    await until(() => expect(page.status()).toBe('ready'));
    expect(shown(page)).toHaveLength(2);
    expect(creates()).toBe(1);
  });

  test('an approval after a reload: the tool runs once, and the answer continues in the same message', async () => {
    const page = await openChat();
    send(page, question);
    await until(() => expect(page.screen().queryByText('A table for 2?')).not.toBeNull());
    await until(() => expect(page.status()).toBe('ready'));
    await page.reload();
    await until(() => expect(page.screen().queryByText('A table for 2?')).not.toBeNull());
    await until(() => expect(page.status()).toBe('ready'));
    fireEvent.click(page.screen().getByText('Yes'));
    await until(() => expect(shown(page).at(-1)).toBe('assistant: output-availableBooked 2 seats.'));
    expect(shown(page)).toHaveLength(2);
    expect(creates()).toBe(2);
  });

  test('the stop button cancels the run, and what was read stays', async () => {
    const page = await openChat();
    const read = await sendAndRead(page, 'A long story, please.');
    fireEvent.click(page.screen().getByText('Stop'));
    await until(() => expect(page.status()).toBe('ready'));
    await until(() => expect(emulator.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(true));
    await page.reload();
    await until(() => expect(shown(page)).toHaveLength(2));
    expect(shown(page).at(-1)?.startsWith(read)).toBe(true);
    expect(shown(page).at(-1)).not.toContain('please.');
    await until(() => expect(page.status()).toBe('ready'));
  });
});
