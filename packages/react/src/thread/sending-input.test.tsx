import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { onAServer, places } from '../../test-support/places.ts';
import { wrapperOf } from '../../test-support/render.tsx';
import { QueryClient } from '@tanstack/react-query';
import { useAgentThreads } from './use-agent-threads.ts';
import { renderThread } from '../../test-support/render-thread.tsx';
import { closeTab, openServerPage, siteOf } from '../../test-support/server-pages.ts';
import { guideIn, shown, threadPages, type ThreadPage } from '../../test-support/thread-page.ts';
import type { SendOptions } from './thread-actions.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => cleanup());

/** The page sends an input without a network, and shows its turn. */
async function sendOffline(page: ThreadPage, input: string, options?: SendOptions): Promise<void> {
  const turns = page.thread().turns.length;
  siteOf(page).goOffline();
  await page.during(() => page.thread().send(input, options));
  await page.site.until(() => expect(page.thread().turns).toHaveLength(turns + 1));
}

/** Reloads a tab when the network is back. */
async function reload(page: ThreadPage): Promise<ThreadPage> {
  const { threadId } = page.thread();
  await closeTab(page);
  siteOf(page).goOnline();
  return await openServerPage({ site: page.site, threadId });
}

describe('a message that a page was sending was lost when the page was closed', () => {
  test('the first message of a conversation, after a reload', async () => {
    const page = await openServerPage();
    await sendOffline(page, 'One.', { title: 'A title' });
    const again = await reload(page);
    await page.site.until(() => expect(shown(again.thread())).toEqual(['One. → One.']));
    expect(again.thread().turns[0]?.run.title).toBe('A title');
    expect(page.site.creates).toBe(1);
    expect(sessionStorage).toHaveLength(0);
  });

  test('a later message, which another tab sends', async () => {
    const page = await openServerPage();
    await page.say('One.');
    await sendOffline(page, 'Two.');
    sessionStorage.clear();
    const again = await reload(page);
    await page.site.until(() => expect(shown(again.thread())[1]).toBe('Two. → One. Two.'));
    expect(page.site.creates).toBe(2);
    expect(localStorage).toHaveLength(0);
  });

  test('messages that wait for the first one', async () => {
    const page = await openServerPage();
    await sendOffline(page, 'One.');
    await page.during(() => page.thread().send('Two.'));
    expect(page.thread().queue.map(({ input }) => input)).toEqual(['Two.']);
    const again = await reload(page);
    await page.site.until(() => expect(shown(again.thread())).toEqual(['One. → One.', 'Two. → One. Two.']));
    expect(page.site.creates).toBe(2);
  });

  test('the server had accepted it, and the page was closed before it knew', async () => {
    const page = await openServerPage();
    await page.say('One.');
    const { threadId } = page.thread();
    await sendOffline(page, 'Two.');
    const key = localStorage.key(0) ?? '';
    const saved = localStorage.getItem(key) ?? '';
    siteOf(page).goOnline();
    await page.site.until(() => expect(shown(page.thread())[1]).toBe('Two. → One. Two.'));
    await closeTab(page);
    // The storage as it was when the page was closed.
    expect(saved).toContain('Two.');
    localStorage.setItem(key, saved);
    const again = await openServerPage({ site: page.site, threadId });
    await page.site.until(() => expect(shown(again.thread())[1]).toBe('Two. → One. Two.'));
    expect(again.thread().queue).toEqual([]);
    expect(page.site.creates).toBe(2);
    // Otherwise it would wait again after its run was deleted.
    await page.site.until(() => expect(localStorage).toHaveLength(0));
  });
});

test('a waiting message was not shown until the server had accepted the turn before it', async () => {
  const page = await openServerPage();
  await page.say('One.');
  await sendOffline(page, 'Two.');
  await page.during(() => page.thread().send('Three.'));
  expect(page.thread().queue.map(({ input }) => input)).toEqual(['Three.']);
});

test('a message that another tab is sending waits there, and is sent once', async () => {
  const page = await openServerPage();
  await page.say('One.');
  const other = await openServerPage({ site: page.site, threadId: page.thread().threadId });
  await page.site.until(() => expect(other.thread().turns).toHaveLength(1));
  await sendOffline(page, 'Two.');
  expect(other.thread().queue.map(({ input }) => input)).toEqual(['Two.']);
  siteOf(page).goOnline();
  for (const one of [page, other])
    await page.site.until(() => expect(shown(one.thread())[1]).toBe('Two. → One. Two.'));
  expect(other.thread().queue).toEqual([]);
  expect(page.site.creates).toBe(2);
  expect(localStorage).toHaveLength(0);
});

test('a conversation showed an old error after a retry of a turn that the server had refused', async () => {
  const site = siteOf(await openServerPage());
  let user = '';
  const runner = site.openPage(() => user);
  const client = new QueryClient();
  const { result } = renderThread(runner, { agent: guideIn(onAServer) }, client);
  const list = renderHook(() => useAgentThreads().data, { wrapper: wrapperOf(runner, client) });
  await act(() => site.during(() => result.current.send('One.', { title: 'A title' })));
  await site.until(() => expect(result.current.error?.message).toContain('401'));
  await site.until(() => expect(result.current.status).toBe('failed'));
  user = 'ann';
  await act(() => site.during(() => result.current.retry(result.current.turns[0]?.runId ?? '')));
  await site.until(() => expect(result.current.status).toBe('completed'));
  await site.until(() => expect(result.current.error).toBeUndefined());
  expect(result.current.turns[0]?.run.title).toBe('A title');
  await site.until(() => expect(list.result.current).toHaveLength(1));
});

test('a message that the server refuses does not wait', async () => {
  const page = await openServerPage();
  await page.say('One.');
  const site = siteOf(page);
  const other = await openServerPage({ site, threadId: page.thread().threadId });
  await page.site.until(() => expect(other.thread().turns).toHaveLength(1));
  await page.during(() => page.runner.delete(page.thread().turns[0]?.runId ?? '', { branch: true }));
  await page.during(() => other.thread().send('Two.'));
  await page.site.until(() => expect(other.thread().status).toBe('failed'));
  expect(other.thread().queue).toEqual([]);
  await page.site.until(() => expect(localStorage).toHaveLength(0));
});

/** The storage of the test environment has no bound, unlike that of browsers. */
function boundStorage(characters: number): void {
  const unbound = localStorage;
  const setItem = (key: string, value: string): void => {
    if (value.length > characters) throw new DOMException('Full.', 'QuotaExceededError');
    unbound.setItem(key, value);
  };
  const getItem = (key: string): string | null => unbound.getItem(key);
  const removeItem = (key: string): void => unbound.removeItem(key);
  const key = (index: number): string | null => unbound.key(index);
  const bound = { getItem, setItem, removeItem, key };
  vi.stubGlobal('localStorage', Object.defineProperty(bound, 'length', { get: () => unbound.length }));
  onTestFinished(() => void vi.unstubAllGlobals());
}

describe.each(places)('with the loop $name', (place) => {
  test('a turn read all runs of its thread, so that a turn of a long thread cost more', async () => {
    const page = await threadPages(place)();
    await page.say('One.');
    const { runner } = page;
    const read = vi.spyOn(runner, 'listThreadRuns');
    await page.say('Two.');
    await page.say('Three.');
    expect(shown(page.thread())).toHaveLength(3);
    expect(read).not.toHaveBeenCalled();
  });

  const large = 'x'.repeat(10_000);

  test('a message that is too large for the storage of the page is sent, if it need not wait', async () => {
    boundStorage(large.length);
    const page = await threadPages(place)();
    await page.say('One.');
    await page.during(() => page.thread().send(large));
    await page.site.until(() => expect(page.thread().turns).toHaveLength(2));
    const waits = page.during(() => page.thread().send(large));
    await expect(waits).rejects.toMatchObject({ code: 'queue_full' });
    await page.site.until(() => expect(shown(page.thread())[1]).toBe(`${large} → One. ${large}`));
    expect(page.thread().queue).toEqual([]);
  });
});
