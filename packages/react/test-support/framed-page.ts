import type { Emulator } from '@longhaul/core/testing';
import { waitFor, within } from '@testing-library/react';
import { expect } from 'vitest';
import { untilTestEnds } from '../../core/test-support/patience.ts';

// Vitest replaces `import()` by a function that only its own page has, so the loop is provided to an iframe.
const loopModule = new URL('../../core/test-support/loop-code.ts', import.meta.url).href;

export const soon: { readonly timeout: number } = { timeout: untilTestEnds };

declare global {
  interface Window {
    /** Replaces `fetch` in the iframes. The emulated API keeps its state while iframes are opened and closed. */
    askApi?: Emulator['fetch'];
  }
}

/** A page in an iframe. */
export interface FramedPage {
  readonly screen: () => ReturnType<typeof within>;
  readonly status: () => string | null;
  readonly hash: () => string;
  reload(): Promise<void>;
  close(): void;
}

let opened: HTMLIFrameElement[] = [];

/**
 * Opens a page with this module. Pages have the same origin, so that they share IndexedDB, Web Locks and
 * BroadcastChannel, like tabs.
 */
export function openFramedPage(pageModule: string, hash = ''): FramedPage {
  const html = `<!doctype html><body><script>fetch = (...request) => parent.askApi(...request);</script>
<script type="module" src="${loopModule}"></script>
<script type="module" src="${pageModule}"></script>`;
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

/** Sends the requests of the pages to this emulator. */
export function answerPages(emulator: () => Emulator): void {
  window.askApi = (input, init) => emulator().fetch(new URL(String(input), window.location.href), init);
}

export function closeFramedPages(): void {
  for (const frame of opened) frame.remove();
  opened = [];
}
