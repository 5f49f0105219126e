import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onAServer } from '../../test-support/places.ts';
import { renderThread } from '../../test-support/render-thread.tsx';
import {
  closeTab,
  openServerPage,
  passTime,
  refusedPage,
  siteOf,
  waitingIn,
} from '../../test-support/server-pages.ts';
import { guideIn, shown, type ThreadPage } from '../../test-support/thread-page.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => cleanup());

/** Does an action whose request has no answer. */
function begin(action: () => Promise<unknown>): void {
  act(() => void action().catch(() => undefined));
}

/** A page without a network whose second turn is active. */
async function activeAndOffline(...waiting: readonly string[]): Promise<ThreadPage> {
  const page = await openServerPage();
  await page.say('One.');
  await page.during(() => page.thread().send('Two.'));
  await page.site.until(() => expect(page.thread().status).toBe('in_progress'));
  for (const input of waiting) await page.during(() => page.thread().send(input));
  siteOf(page).goOffline();
  return page;
}

describe('a waiting message was sent although the person had stopped the turn before it', () => {
  test('the page was closed before the server received the cancel', async () => {
    const page = await activeAndOffline('Three.');
    const { threadId } = page.thread();
    begin(() => page.thread().stop());
    await passTime(page);
    await closeTab(page);
    siteOf(page).goOnline();
    const again = await openServerPage({ site: page.site, threadId });
    await page.site.until(() => expect(again.thread().status).toBe('completed'));
    await passTime(again);
    expect(waitingIn(again)).toEqual(['Three.']);
    expect(page.site.creates).toBe(2);
  });

  test('the turn ended before the server received the cancel', async () => {
    const page = await activeAndOffline('Three.');
    const site = siteOf(page);
    let stopping: Promise<unknown> = Promise.resolve();
    act(() => {
      stopping = page
        .thread()
        .stop()
        .catch(() => undefined);
    });
    await passTime(page);
    site.goOnline();
    await page.during(() => stopping);
    await passTime(page);
    expect(waitingIn(page)).toEqual(['Three.']);
    expect(site.creates).toBe(2);
  });
});

test.each(['edit', 'regenerate', 'steer'] as const)(
  'all actions waited for the answer to another one: %s',
  async (name) => {
    const page = await activeAndOffline();
    const runId = page.thread().turns[1]?.runId ?? '';
    begin(() =>
      name === 'steer'
        ? page.thread().send('Zwei.', { whileActive: 'steer' })
        : page.thread()[name](runId, 'Zwei.'),
    );
    await page.during(() => page.thread().send('Three.'));
    expect(waitingIn(page)).toEqual(['Three.']);
  },
);

describe('a message behind the first one of a conversation was lost', () => {
  test('the person removed the first one', async () => {
    const page = await openServerPage();
    siteOf(page).goOffline();
    await page.during(() => page.thread().send('One.'));
    await page.during(() => page.thread().send('Two.'));
    const { threadId } = page.thread();
    begin(() => page.thread().stop());
    await passTime(page);
    await closeTab(page);
    siteOf(page).goOnline();
    const again = await openServerPage({ site: page.site, threadId });
    await page.site.until(() => expect(waitingIn(again)).toEqual(['One.', 'Two.']));
    act(() => void again.thread().unqueue(again.thread().queue[0]?.id ?? ''));
    await page.site.until(() => expect(waitingIn(again)).toEqual(['Two.']));
    await again.during(() => again.thread().send('Three.'));
    await page.site.until(() =>
      expect(shown(again.thread())).toEqual(['Two. → Two.', 'Three. → Two. Three.']),
    );
    expect(localStorage).toHaveLength(0);
  });

  test('the server refused the first one, and the person retried it', async () => {
    const site = siteOf(await openServerPage());
    let user = '';
    const runner = site.openPage(() => user);
    const { result, unmount } = renderThread(runner, { agent: guideIn(onAServer) });
    site.goOffline();
    await act(() => site.during(() => result.current.send('One.')));
    await act(() => site.during(() => result.current.send('Two.')));
    site.goOnline();
    await site.until(() => expect(result.current.status).toBe('failed'));
    user = 'ann';
    const { threadId } = result.current;
    await act(() => site.during(() => result.current.retry(result.current.turns[0]?.runId ?? '')));
    await site.until(() => expect(result.current.status).toBe('in_progress'));
    unmount();
    await runner.close({ graceMs: 0 });
    const again = await openServerPage({ site, threadId });
    await site.until(() => expect(shown(again.thread())).toEqual(['One. → One.', 'Two. → One. Two.']));
  });
});

test('a message that a closed page was sending waited behind a refused one', async () => {
  const { site, threadId, result, signIn, close } = await refusedPage();
  signIn();
  site.goOffline();
  await act(() => site.during(() => result.current.send('Three.')));
  await close();
  site.goOnline();
  const again = await openServerPage({ site, threadId });
  await site.until(() => expect(shown(again.thread())[1]).toBe('Three. → One. Three.'));
  expect(waitingIn(again)).toEqual(['Two.']);
});
