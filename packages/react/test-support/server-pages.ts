import { act } from '@testing-library/react';
import { expect } from 'vitest';
import { onAServer } from './places.ts';
import { renderThread } from './render-thread.tsx';
import { ServedSite } from './served-site.ts';
import { guideIn, threadPages, type PageOptions, type ThreadPage } from './thread-page.ts';

/** Opens a page of a server's runs. */
export const openServerPage: (options?: PageOptions) => Promise<ThreadPage> = threadPages(onAServer);

export function siteOf({ site }: ThreadPage): ServedSite {
  if (site instanceof ServedSite) return site;
  throw new Error('The page is not one of a server.');
}

/** The inputs that wait in the queue of the page. */
export function waitingIn(page: ThreadPage): readonly unknown[] {
  return page.thread().queue.map(({ input }) => input);
}

/** Closes the tab. Its runner sends nothing more. */
export async function closeTab(page: ThreadPage): Promise<void> {
  page.unmount();
  await page.runner.close({ graceMs: 0 });
}

/** Lets some time pass in which a wrong page would send something. */
export async function passTime(page: ThreadPage): Promise<void> {
  for (let step = 0; step < 30; step += 1)
    await page.during(() => new Promise((done) => setTimeout(done, 5)));
}

/** A page whose second turn the server has refused, because its visitor is not signed in. */
export interface RefusedPage extends ReturnType<typeof renderThread> {
  readonly site: ServedSite;
  readonly threadId: string | undefined;
  signIn(): void;
  /** Closes the tab. */
  close(): Promise<void>;
}

/** Opens a page with the turn `One.`, and sends `Two.` after the session of its visitor has expired. */
export async function refusedPage(): Promise<RefusedPage> {
  const first = await openServerPage();
  await first.say('One.');
  const site = siteOf(first);
  const { threadId } = first.thread();
  first.unmount();
  let user = 'ann';
  const runner = site.openPage(() => user);
  const page = renderThread(runner, { agent: guideIn(onAServer), threadId });
  await site.until(() => expect(page.result.current.turns).toHaveLength(1));
  user = '';
  await act(() => site.during(() => page.result.current.send('Two.')));
  await site.until(() => expect(page.result.current.status).toBe('failed'));
  return {
    ...{ ...page, site, threadId },
    signIn: () => void (user = 'ann'),
    close: async () => {
      page.unmount();
      await runner.close({ graceMs: 0 });
    },
  };
}
