// @vitest-environment happy-dom
import type { RunStore } from '@longhaul/core';
import { configure, fireEvent, screen } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { closePage, reopenPage } from './example-page.ts';
import type * as localAgent from './examples/local-agent.ts';
import { startExamples } from './start-examples.ts';

configure({ asyncUtilTimeout: untilTestEnds });

declare global {
  interface Window {
    readonly happyDOM: { setURL(url: string): void };
  }
}

type LocalAgent = typeof localAgent;

/** The stores of the browser by name, and the module that the open page uses. */
const browser = vi.hoisted(() => ({
  stores: new Map<string, RunStore>(),
  local: undefined as LocalAgent | undefined,
}));

// happy-dom has no IndexedDB.
vi.mock('@longhaul/core/web', async () => {
  const { memoryStore } = await import('@longhaul/core');
  return {
    indexedDbStore: ({ name }: { name: string }) => {
      const store = browser.stores.get(name) ?? memoryStore();
      browser.stores.set(name, store);
      return store;
    },
  };
});

// The guide replaces the two by the exports of `local-agent.ts`.
vi.mock('@longhaul/core/remote', () => ({
  agentRef: () => browser.local?.agent,
  remoteRunner: () => browser.local?.runner,
}));

async function close(): Promise<void> {
  closePage();
  await browser.local?.runner.close({ graceMs: 0 });
}

async function reload(): Promise<void> {
  await close();
  await reopenPage(async () => {
    browser.local = await import('./examples/local-agent.ts');
    await import('./examples/chat.tsx');
  });
}

test('the page of the guide with the loop in the page: an approval after a reload, and the next turn', async () => {
  const { emulator, serve } = await startExamples(({ items, userText }) => {
    const isAnswered = items.at(-1)?.type === 'function_call_output';
    if (userText.startsWith('Keep') && !isAnswered)
      return { calls: [{ name: 'keep_order', arguments: { orderId: 'A1' } }] };
    return { text: `Answer to: ${userText} (${items.length} items)` };
  });
  const { url } = await serve('proxy-server.ts', { PROXY_SECRET: 'a secret of more than 32 characters' });
  onTestFinished(close);
  window.happyDOM.setURL(url);
  await reload();

  fireEvent.change(screen.getByLabelText('Message'), { target: { value: 'Keep A1.' } });
  fireEvent.click(screen.getByText('Send'));
  await screen.findByText('Approve');
  await reload();
  fireEvent.click(await screen.findByText('Approve'));
  await screen.findByText(/Saved A1\./);
  await screen.findByText('Answer to: Keep A1. (3 items)');
  expect(localStorage.getItem('order')).toBe('A1');
  expect(emulator.generations).toBe(2);

  fireEvent.change(screen.getByLabelText('Message'), { target: { value: 'Thanks.' } });
  fireEvent.click(screen.getByText('Send'));
  await screen.findByText('Answer to: Thanks. (5 items)');
  await reload();
  await screen.findByText('Answer to: Thanks. (5 items)');
  expect(screen.getAllByRole('article')).toHaveLength(2);
});
