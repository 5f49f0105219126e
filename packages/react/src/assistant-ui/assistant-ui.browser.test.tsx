// Imported here for Vite. If it first finds a dependency in an iframe, it reloads the page that is under test.
import '@assistant-ui/react';
import '@tanstack/react-query';
import 'react-dom/client';
import 'zod';
import { createEmulator, type Emulator, type Script } from '@longhaul/core/testing';
import { fireEvent, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { untilTestEnds } from '../../../core/test-support/patience.ts';

const soon = { timeout: untilTestEnds };
const pageModule = new URL('../../test-support/assistant-reload-page.tsx', import.meta.url).href;
// Vitest replaces `import()` by a function that only its own page has, so an iframe gets the loop, and such a function.
const loopModule = new URL('../../../core/test-support/loop-code.ts', import.meta.url).href;
const html = `<!doctype html><body><script>fetch = (...request) => parent.askApi(...request);
__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() };</script>
<script type="module" src="${loopModule}"></script>
<script type="module" src="${pageModule}"></script>`;

declare global {
  interface Window {
    /** Replaces `fetch` in the iframes. The emulated API keeps its state while iframes are opened and closed. */
    askApi?: Emulator['fetch'];
  }
}

const script: Script = ({ items, userText }) => {
  if (items.at(-1)?.type === 'function_call_output') return { text: 'Refunded.' };
  if (userText.startsWith('Refund')) return { calls: [{ name: 'refund', arguments: { order: 'A1' } }] };
  return {
    text: `An answer of several words to: ${userText}`,
    runMs: userText.startsWith('Slow') ? 4_000 : 200,
  };
};

let emulator: Emulator;
let frame: HTMLIFrameElement;

const inside = (): Window => {
  if (frame.contentWindow === null) throw new Error('The page is closed.');
  return frame.contentWindow;
};
const screen = (): ReturnType<typeof within> => within(inside().document.body);

/** The messages, with the position in their branches. */
function transcript(): string[] {
  return screen()
    .queryAllByTestId('message')
    .map((message: HTMLElement) => {
      const texts = within(message).queryAllByTestId(/^(?:attachment|content)$/);
      const [place = ''] = /\d\/\d/.exec(within(message).queryByTestId('branches')?.textContent ?? '') ?? [];
      return [...texts.map(({ textContent }) => textContent), place].join(' ').trim();
    });
}

const untilShown = (...expected: readonly unknown[]): Promise<void> =>
  waitFor(() => expect(transcript()).toEqual(expected), soon);

async function type(label: string, text: string): Promise<void> {
  const field = await waitFor(() => screen().getByLabelText(label), soon);
  fireEvent.change(field, { target: { value: text } });
}

async function click(name: string, index = -1): Promise<void> {
  const button = await waitFor(() => {
    const found = screen().getAllByRole('button', { name }).at(index);
    expect(found).toHaveProperty('disabled', false);
    return found ?? inside().document.body;
  }, soon);
  fireEvent.click(button);
}

async function send(text: string): Promise<void> {
  await type('Message', text);
  await click('Send');
}

async function reload(): Promise<void> {
  const before = inside().document;
  inside().location.reload();
  await waitFor(() => expect(inside().document).not.toBe(before), soon);
}

beforeEach(() => {
  emulator = createEmulator({ script });
  window.askApi = (input, init) => emulator.fetch(new URL(String(input), window.location.href), init);
  frame = document.createElement('iframe');
  frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  frame.style.cssText = 'width: 800px; height: 600px';
  document.body.append(frame);
});
afterEach(() => frame.remove());

const creates = (): number => emulator.requests.filter(({ method }) => method === 'POST').length;
const answerTo = (text: string): string => `An answer of several words to: ${text}`;

describe('assistant-ui in a browser', () => {
  test('the text streams, and continues after a reload in the middle', async () => {
    await send('Slow.');
    await untilShown('Slow.', expect.stringMatching(/^An answer/));
    expect(transcript()[1]).not.toBe(answerTo('Slow.'));
    await reload();
    await untilShown('Slow.', expect.stringMatching(/^An answer/));
    await untilShown('Slow.', answerTo('Slow.'));
    expect(creates()).toBe(1);
  });

  test('edits a message, asks again, and switches branches, including after a reload', async () => {
    await send('One.');
    await untilShown('One.', answerTo('One.'));
    await click('Edit');
    await type('Edited message', 'Eins.');
    await click('Save');
    await untilShown('Eins. 2/2', answerTo('Eins.'));
    await click('Reload');
    await untilShown('Eins. 2/2', `${answerTo('Eins.')} 2/2`);
    await reload();
    await untilShown('Eins. 2/2', `${answerTo('Eins.')} 2/2`);
    await click('Previous');
    await untilShown('Eins. 2/2', `${answerTo('Eins.')} 1/2`);
    await click('Previous', 0);
    await untilShown('One. 1/2', answerTo('One.'));
    expect(creates()).toBe(3);
  });

  test('a call waits for its approval over a reload', async () => {
    await send('Refund.');
    await waitFor(() => screen().getByText('Approve'), soon);
    await reload();
    await click('Approve');
    await untilShown('Refund.', expect.stringMatching(/refunded.*Refunded\.$/));
    expect(creates()).toBe(2);
  });

  test('stops an answer, and keeps its text', async () => {
    await send('Slow.');
    await untilShown('Slow.', expect.stringMatching(/^An answer/));
    await click('Stop');
    await waitFor(() => expect(screen().getByRole('status').textContent).toBe('cancelled'), soon);
    expect(transcript()).toEqual(['Slow.', expect.stringMatching(/^An answer/)]);
  });

  test('sends an image', async () => {
    const canvas = new OffscreenCanvas(2, 2);
    canvas.getContext('2d')?.fillRect(0, 0, 2, 2);
    const image = new File([await canvas.convertToBlob()], 'dot.png', { type: 'image/png' });
    await type('Message', 'See this.');
    await click('Attach');
    const picker = await waitFor(() => {
      const found = inside().document.querySelector<HTMLInputElement>('input[type=file]');
      expect(found).not.toBeNull();
      return found;
    }, soon);
    const files = new DataTransfer();
    files.items.add(image);
    if (picker !== null) {
      picker.files = files.files;
      fireEvent.change(picker);
    }
    await waitFor(() => screen().getByText('dot.png'), soon);
    await click('Send');
    await untilShown(expect.stringContaining('See this.'), answerTo('See this.'));
    expect(JSON.stringify(emulator.requests.at(0)?.body)).toContain('data:image/png;base64,');
  });

  test('the list of threads shows chats and opens them', async () => {
    await send('A first chat.');
    await untilShown('A first chat.', answerTo('A first chat.'));
    await click('New chat');
    await untilShown();
    await send('A second chat.');
    await untilShown('A second chat.', answerTo('A second chat.'));
    await click('A first chat.');
    await untilShown('A first chat.', answerTo('A first chat.'));
    await reload();
    await untilShown('A first chat.', answerTo('A first chat.'));
    expect(creates()).toBe(2);
  });
});
