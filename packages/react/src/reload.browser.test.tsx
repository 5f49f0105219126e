// Imported here for Vite. If it first finds a dependency in an iframe, it reloads the page that is under test.
import 'react-dom/client';
import { createEmulator, type Emulator, manualClock } from '@longhaul/core/testing';
import { fireEvent, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { untilTestEnds } from '../../core/test-support/patience.ts';

const soon = { timeout: untilTestEnds };
const pageModule = new URL('../test-support/reload-proof-page.tsx', import.meta.url).href;
// Vitest replaces `import()` by a function that only its own page has, so the loop is provided to an iframe.
const loopModule = new URL('../../core/test-support/loop-code.ts', import.meta.url).href;
// Documents of this origin, so that they share IndexedDB, Web Locks and BroadcastChannel, like tabs.
const html = `<!doctype html><body><script>fetch = (...request) => parent.askApi(...request);</script>
<script type="module" src="${loopModule}"></script>
<script type="module" src="${pageModule}"></script>`;

declare global {
  interface Window {
    /** Replaces `fetch` in the iframes. The emulated API keeps its state while iframes are opened and closed. */
    askApi?: Emulator['fetch'];
  }
}

interface Page {
  readonly screen: () => ReturnType<typeof within>;
  readonly status: () => string | null;
  readonly hash: () => string;
  reload(): Promise<void>;
  close(): void;
}

let emulator: Emulator;
let opened: HTMLIFrameElement[];

function openPage(hash = ''): Page {
  const frame = document.createElement('iframe');
  frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' })) + hash;
  document.body.append(frame);
  opened.push(frame);
  const inside = (): Window => {
    if (frame.contentWindow === null) throw new Error('The page is closed.');
    return frame.contentWindow;
  };
  const screen = (): ReturnType<typeof within> => within(inside().document.body);
  return {
    screen,
    status: () => screen().queryByRole('status')?.textContent ?? null,
    hash: () => inside().location.hash,
    reload: async () => {
      const before = inside().document;
      inside().location.reload();
      await waitFor(() => expect(inside().document).not.toBe(before), soon);
    },
    close: () => frame.remove(),
  };
}

const creates = (): unknown[] =>
  emulator.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

beforeEach(() => {
  opened = [];
  emulator = createEmulator({
    script: [{ calls: [{ name: 'book_table', arguments: { seats: 2 } }] }, { text: 'See you at eight.' }],
  });
  window.askApi = (input, init) => emulator.fetch(new URL(String(input), window.location.href), init);
});
afterEach(() => {
  for (const frame of opened) frame.remove();
});

async function startAndWait(page: Page): Promise<void> {
  await waitFor(() => expect(page.status()).toBe('Not started'), soon);
  fireEvent.click(page.screen().getByText('Book'));
  await waitFor(() => expect(page.status()).toBe('Waiting for you'), soon);
}

describe('the page of the guide', () => {
  test('shows its run after a reload, with the call that waits for approval, and books once', async () => {
    const page = openPage();
    await startAndWait(page);
    const hash = page.hash();
    expect(hash).not.toBe('');

    await page.reload();
    await waitFor(() => expect(page.status()).toBe('Waiting for you'), soon);
    expect(page.hash()).toBe(hash);
    fireEvent.click(page.screen().getByText('Yes'));
    await waitFor(() => expect(page.status()).toBe('Done'), soon);
    expect(page.screen().getByText('See you at eight.')).toBeDefined();
    expect(creates()).toHaveLength(2);
    expect(JSON.stringify(creates()[1])).toContain('Booked 2 seats');
  });

  test('shows the run in a second tab, and a decision there takes effect once in both tabs', async () => {
    const first = openPage();
    await startAndWait(first);
    const second = openPage(first.hash());
    await waitFor(() => expect(second.status()).toBe('Waiting for you'), soon);
    fireEvent.click(second.screen().getByText('Yes'));
    await waitFor(() => expect(second.status()).toBe('Done'), soon);
    await waitFor(() => expect(first.status()).toBe('Done'), soon);
    expect(creates()).toHaveLength(2);
  });

  test('follows its run live in a second tab, which drives the run when the first tab is closed', async () => {
    const clock = manualClock(Date.now());
    const iteration = { text: 'See you at eight.', queuedMs: 300, runMs: 1_500 };
    emulator = createEmulator({ clock, script: [iteration] });
    const first = openPage();
    await waitFor(() => expect(first.status()).toBe('Not started'), soon);
    fireEvent.click(first.screen().getByText('Book'));
    await waitFor(() => expect(creates()).toHaveLength(1), soon);
    await clock.advance(iteration.queuedMs);
    await waitFor(() => expect(first.status()).toBe('Working'), soon);
    const second = openPage(first.hash());
    await waitFor(() => expect(second.status()).toBe('Working'), soon);
    // The second tab shows each delta when the first tab reads it.
    await clock.advance(iteration.runMs / 2);
    await waitFor(() => expect(second.screen().getByText(/^See you/)).toBeDefined(), soon);
    expect(second.status()).toBe('Working');
    first.close();
    await clock.advance(iteration.runMs);
    await waitFor(() => expect(second.status()).toBe('Done'), soon);
    expect(second.screen().getByText('See you at eight.')).toBeDefined();
    expect(creates()).toHaveLength(1);
  });
});
