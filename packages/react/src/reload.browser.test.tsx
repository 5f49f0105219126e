// Imported here for Vite. If it first finds a dependency in an iframe, it reloads the page that is under test.
import 'react-dom/client';
import { createEmulator, type Emulator, manualClock } from '@longhaul/core/testing';
import { fireEvent, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerPages,
  closeFramedPages,
  type FramedPage,
  openFramedPage,
  soon,
} from '../test-support/framed-page.ts';

const pageModule = new URL('../test-support/reload-proof-page.tsx', import.meta.url).href;
const openPage = (hash?: string): FramedPage => openFramedPage(pageModule, hash);

let emulator: Emulator;

const creates = (): unknown[] =>
  emulator.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

beforeEach(() => {
  emulator = createEmulator({
    script: [{ calls: [{ name: 'book_table', arguments: { seats: 2 } }] }, { text: 'See you at eight.' }],
  });
  answerPages(() => emulator);
});
afterEach(closeFramedPages);

async function startAndWait(page: FramedPage): Promise<void> {
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
