import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  closeTab,
  openServerPage,
  passTime,
  refusedPage,
  siteOf,
  waitingIn,
} from '../../test-support/server-pages.ts';
import { shown, type ThreadPage } from '../../test-support/thread-page.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => cleanup());

/** A conversation whose second turn was stopped while these inputs wait. */
async function stoppedWith(...inputs: readonly string[]): Promise<ThreadPage> {
  const page = await openServerPage();
  await page.say('One.');
  await page.during(() => page.thread().send('Two.'));
  await page.site.until(() => expect(page.thread().status).toBe('in_progress'));
  for (const input of inputs) await page.during(() => page.thread().send(input));
  await page.during(() => page.thread().stop());
  await page.site.until(() => expect(page.thread().status).toBe('cancelled'));
  return page;
}

test('the next page sent the messages of one turn again, one by one', async () => {
  const page = await stoppedWith('Three.', 'Four.');
  const { threadId } = page.thread();
  let saved: readonly (readonly [string, string])[] = [];
  await page.during(async () => {
    await page.thread().send('Five.');
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
    saved = keys.map((key) => [key, localStorage.getItem(key) ?? '']);
  });
  await page.site.until(() => expect(page.thread().status).toBe('completed'));
  await closeTab(page);
  // The storage as it was when the turn had started.
  expect(saved).toHaveLength(3);
  for (const [key, text] of saved) localStorage.setItem(key, text);
  const again = await openServerPage({ site: page.site, threadId });
  await page.site.until(() => expect(again.thread().turns).toHaveLength(3));
  await passTime(again);
  expect(again.thread().turns).toHaveLength(3);
  expect(waitingIn(again)).toEqual([]);
  expect(localStorage).toHaveLength(0);
});

test('messages that a closed page was sending as one turn are sent as one turn', async () => {
  const page = await stoppedWith('Three.');
  const site = siteOf(page);
  const { threadId } = page.thread();
  const { runner } = page;
  const read = runner.listThreadRuns.bind(runner);
  runner.listThreadRuns = async (id) => {
    const runs = await read(id);
    site.goOffline();
    return runs;
  };
  await page.during(() => page.thread().send('Four.'));
  expect(page.thread().turns).toHaveLength(3);
  await closeTab(page);
  site.goOnline();
  const again = await openServerPage({ site, threadId });
  await site.until(() => expect(again.thread().turns).toHaveLength(3));
  expect(shown(again.thread())[2]).toMatch(/^Three\.Four\. →/);
});

describe('a message was answered although the person had stopped it before the server received it', () => {
  test('a later message', async () => {
    const page = await openServerPage();
    await page.say('One.');
    const { threadId } = page.thread();
    const site = siteOf(page);
    site.goOffline();
    await page.during(() => page.thread().send('Two.'));
    let stopping: Promise<unknown> = Promise.resolve();
    act(() => {
      stopping = page.thread().stop();
    });
    stopping.catch(() => undefined);
    // Other actions do not wait for the end of the stop.
    await page.during(() => page.thread().send('Three.'));
    expect(waitingIn(page)).toEqual(['Three.']);
    await closeTab(page);
    site.goOnline();
    const again = await openServerPage({ site, threadId });
    await site.until(() => expect(waitingIn(again)).toEqual(['Two.', 'Three.']));
    await passTime(again);
    expect(site.creates).toBe(1);
    await again.say('Four.');
    expect(shown(again.thread())[1]).toBe('Two.Three.Four. → One. Two. Three. Four.');
  });

  test('the first message', async () => {
    const page = await openServerPage();
    const site = siteOf(page);
    site.goOffline();
    await page.during(() => page.thread().send('One.'));
    const { threadId } = page.thread();
    act(
      () =>
        void page
          .thread()
          .stop()
          .catch(() => undefined),
    );
    await passTime(page);
    await closeTab(page);
    site.goOnline();
    const again = await openServerPage({ site, threadId });
    await site.until(() => expect(waitingIn(again)).toEqual(['One.']));
    await passTime(again);
    expect(site.creates).toBe(0);
  });
});

test('a first message was sent by the next person of the tab, long after it', async () => {
  const page = await openServerPage();
  const site = siteOf(page);
  site.goOffline();
  await page.during(() => page.thread().send('A secret.'));
  const { threadId } = page.thread();
  await closeTab(page);
  site.goOnline();
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + 301_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const again = await openServerPage({ site, threadId });
  await site.until(() => expect(again.thread().isLoading).toBe(false));
  await passTime(again);
  expect(waitingIn(again)).toEqual([]);
  expect(site.creates).toBe(0);
});

test('a message was lost when the session of the visitor had expired', async () => {
  const { site, threadId, unmount } = await refusedPage();
  unmount();
  const again = await openServerPage({ site, threadId });
  await site.until(() => expect(waitingIn(again)).toEqual(['Two.']));
  await again.say('Three.');
  expect(shown(again.thread())[1]).toBe('Two.Three. → One. Two. Three.');
});

test('a message whose turn was retried after a refusal waited again after a reload', async () => {
  const { site, result, signIn, unmount } = await refusedPage();
  signIn();
  await act(() => site.during(() => result.current.retry(result.current.turns[1]?.runId ?? '')));
  await site.until(() => expect(result.current.status).toBe('completed'));
  unmount();
  expect(localStorage).toHaveLength(0);
});

test('an input that could wait was refused, so that the person sent it again', async () => {
  const page = await stoppedWith('Three.');
  siteOf(page).goOffline();
  await page.during(() => page.thread().send('Four.'));
  expect(waitingIn(page)).toEqual(['Three.', 'Four.']);
});

test('a tab removed a message that another tab was sending', async () => {
  const page = await openServerPage();
  await page.say('One.');
  const other = await openServerPage({ site: page.site, threadId: page.thread().threadId });
  await page.site.until(() => expect(other.thread().turns).toHaveLength(1));
  siteOf(page).goOffline();
  await page.during(() => page.thread().send('Two.'));
  await page.site.until(() => expect(waitingIn(other)).toEqual(['Two.']));
  expect(other.thread().unqueue(other.thread().queue[0]?.id ?? '')).toBeUndefined();
  siteOf(page).goOnline();
  await page.site.until(() => expect(shown(other.thread())[1]).toBe('Two. → One. Two.'));
});

test('a waiting message was sent to the branch that the person had left in the meantime', async () => {
  const page = await openServerPage();
  await page.say('One.');
  const first = page.thread().turns[0]?.runId ?? '';
  await page.during(() => page.thread().send('Two.'));
  await page.site.until(() => expect(page.thread().status).toBe('in_progress'));
  await page.during(() => page.thread().send('Three.'));
  const { runner } = page;
  const read = runner.listThreadRuns.bind(runner);
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  runner.listThreadRuns = async (id) => {
    const runs = await read(id);
    if (page.thread().status === 'completed') {
      reads += 1;
      await gate.promise;
    }
    return runs;
  };
  await page.site.until(() => expect(reads).toBeGreaterThan(0));
  await page.during(() => page.thread().edit(first, 'Uno.'));
  gate.resolve();
  await page.site.until(() => expect(shown(page.thread())[1]).toBe('Three. → Uno. Three.'));
  expect(shown(page.thread())[0]).toBe('Uno. → Uno. (2/2)');
});
