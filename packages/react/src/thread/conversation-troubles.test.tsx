import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onAServer, places } from '../../test-support/places.ts';
import { renderThread } from '../../test-support/render-thread.tsx';
import { ServedSite } from '../../test-support/served-site.ts';
import { saveWaiting } from '../../test-support/saved-queue.ts';
import { guideIn, shown, threadPages, type ThreadPage } from '../../test-support/thread-page.ts';

beforeEach(() => localStorage.clear());
afterEach(() => cleanup());

/** Steers the active turn when it is too late for another create. */
async function steerTooLate(page: ThreadPage): Promise<void> {
  await page.during(() => page.thread().send('Two.'));
  await page.site.until(() => expect(page.thread().status).toBe('in_progress'));
  await page.during(() => page.thread().send('Late.', { whileActive: 'steer' }));
}

function runIdOf(page: ThreadPage, turn: number): string {
  return page.thread().turns[turn]?.runId ?? '';
}

describe.each(places)('with the loop $name', (place) => {
  const openPage = threadPages(place);

  test.each(['retry', 'edit', 'regenerate'] as const)(
    'a page lost steered input that its turn had not used: %s',
    async (action) => {
      const page = await openPage();
      await page.say('One.');
      await steerTooLate(page);
      if (action === 'retry') await page.during(() => page.thread().stop());
      await page.during(() => page.thread()[action](runIdOf(page, 1), 'Zwei.'));
      await page.site.until(() => expect(page.thread().turns).toHaveLength(3));
      await page.site.until(() => expect(page.thread().status).toBe('completed'));
      expect(shown(page.thread()).at(-1)).toMatch(/^Late\. → One\. (Two|Zwei)\..* Late\.$/);
      expect(page.thread().queue).toEqual([]);
    },
  );

  test('a turn of steered input was sent again after it was deleted', async () => {
    const page = await openPage();
    await page.say('One.');
    await steerTooLate(page);
    await page.site.until(() => expect(page.thread().turns).toHaveLength(3));
    await page.site.until(() => expect(page.thread().status).toBe('completed'));
    const { creates } = page.site;
    await page.during(() => page.runner.delete(runIdOf(page, 2)));
    await page.site.until(() => expect(page.thread().turns).toHaveLength(2));
    await page.say('Three.');
    expect(shown(page.thread()).at(-1)).toBe('Three. → One. Two. Three.');
    expect(page.site.creates).toBe(creates + 1);
  });

  test('input was sent to the thread that the page showed when the code of the actions had loaded', async () => {
    const first = await openPage();
    await first.say('A.');
    const other = await openPage({ site: first.site });
    await other.say('B.');
    const page = await openPage({ site: first.site, threadId: first.thread().threadId });
    await page.site.until(() => expect(page.thread().turns).toHaveLength(1));
    let sending: Promise<unknown> = Promise.resolve();
    act(() => {
      sending = Promise.all(['For A.', 'For A, too.'].map((input) => page.thread().send(input)));
    });
    page.open(other.thread().threadId);
    await page.during(() => sending);
    expect(page.thread().threadId).toBe(other.thread().threadId);
    // Another page also sends the queue. It sees the input before it sees the run of the first one.
    const turns = ['A. → A.', 'For A. → A. For A.', 'For A, too. → A. For A. For A, too.'];
    await page.site.until(() => expect(shown(first.thread())).toEqual(turns));
    expect(shown(other.thread())).toEqual(['B. → B.']);
  });

  test('a new chat was sent to the thread that the page showed next', async () => {
    const first = await openPage();
    await first.say('A.');
    const page = await openPage({ site: first.site });
    let sending: Promise<void> = Promise.resolve();
    act(() => {
      sending = page.thread().send('New.');
    });
    page.open(first.thread().threadId);
    await page.during(() => sending);
    await page.site.until(() => expect(page.thread().turns).toHaveLength(1));
    expect(page.opened).toEqual([]);
    expect(page.thread().threadId).toBe(first.thread().threadId);
    expect(page.runner.runs.map(({ view }) => view.input)).toContain('New.');
  });

  test('a page did not show the turn of another one if its own turn was newer', async () => {
    const page = await openPage();
    await page.say('One.');
    await page.say('Two.');
    const other = await openPage({ site: page.site, threadId: page.thread().threadId });
    await page.site.until(() => expect(other.thread().turns).toHaveLength(2));
    const runId = runIdOf(page, 1);
    await page.during(() => Promise.all([page.thread().edit(runId, 'P.'), other.thread().edit(runId, 'Q.')]));
    for (const one of [page, other])
      await one.site.until(() => expect(one.thread().turns[1]?.siblings).toHaveLength(3));
    // Each page shows its own version.
    await page.site.until(() => expect(shown(page.thread())[1]).toMatch(/^P\. → One\. P\./));
    await page.site.until(() => expect(shown(other.thread())[1]).toMatch(/^Q\. → One\. Q\./));
  });

  test('an input that follows a run that was never saved blocked the queue', async () => {
    const page = await openPage();
    await page.say('One.');
    const { threadId = '', turns } = page.thread();
    const owner = page.runner.get(turns[0]?.runId ?? '')?.view.owner;
    page.unmount();
    const lost = { id: 'b', input: 'Two.', after: 'lost', owner };
    saveWaiting(threadId, 'b', lost);
    const again = await openPage({ site: page.site, threadId });
    await page.site.until(() => expect(again.thread().queue).toHaveLength(1));
    expect(page.site.creates).toBe(1);
    // The person sees the input that waits, and sends it with the next one.
    await again.say('Three.');
    expect(shown(again.thread())).toEqual(['One. → One.', 'Two.Three. → One. Two. Three.']);
    expect(again.thread().queue).toEqual([]);
  });

  test('an entry of the storage that cannot be sent blocked the queue', async () => {
    const page = await openPage();
    await page.say('One.');
    const { threadId = '' } = page.thread();
    page.unmount();
    saveWaiting(threadId, 'none', null);
    saveWaiting(threadId, 'other', { id: 'another', input: 'No.' });
    saveWaiting(threadId, 'a', { id: 'a' });
    saveWaiting(threadId, 'b', { id: 'b', input: 5 });
    saveWaiting(threadId, 'c', { id: 'c', input: [1], after: threadId });
    saveWaiting(threadId, 'd', { id: 'd', input: 'Two.', after: threadId });
    const again = await openPage({ site: page.site, threadId });
    await page.site.until(() => expect(shown(again.thread())[1]).toBe('Two. → One. Two.'));
  });
});

test('the queue showed an input of an unknown person to the next one', async () => {
  const openPage = threadPages(onAServer);
  const page = await openPage();
  await page.say('One.');
  const { threadId = '' } = page.thread();
  page.unmount();
  const unknown = { id: 'b', input: 'Ann’s secret.', after: 'lost' };
  saveWaiting(threadId, 'b', unknown);
  const again = await openPage({ site: page.site, threadId });
  await page.site.until(() => expect(shown(again.thread())).toEqual(['One. → One.']));
  expect(again.thread().queue).toEqual([]);
  await again.say('Two.');
  expect(shown(again.thread())[1]).toBe('Two. → One. Two.');
});

test('the queue of a thread was shown to a person who may not read the thread', async () => {
  const page = await threadPages(onAServer)();
  await page.say('One.');
  const { threadId = '' } = page.thread();
  saveWaiting(threadId, 'a', { id: 'a', input: 'A secret.', owner: 'ann', after: threadId });
  page.unmount();
  const site = page.site;
  if (!(site instanceof ServedSite)) throw new Error('The page is not one of a server.');
  const { result } = renderThread(
    site.openPage(() => 'bob'),
    { agent: guideIn(onAServer), threadId },
  );
  await site.until(() => expect(result.current.isLoading).toBe(false));
  expect(result.current.queue).toEqual([]);
  // The server refuses his turn, because the thread is not his.
  await act(() => site.during(() => result.current.send('Mine.')));
  await site.until(() => expect(result.current.status).toBe('failed'));
  expect(result.current.queue).toEqual([]);
  expect(site.creates).toBe(1);
});
