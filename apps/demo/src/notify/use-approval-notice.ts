import { useEffect, useRef } from 'react';
import { newlyWaiting, type NoticedThread } from './approval-notice.ts';

/** Milliseconds for which a conversation must wait. A tool of this page also waits, until the page executes it. */
const waitsForMs = 1_000;

/**
 * Shows a notification of the browser when a conversation needs the visitor, if the tab is hidden and it is allowed.
 *
 * @param threads Undefined until they are known
 */
export function useApprovalNotice(
  threads: readonly NoticedThread[] | undefined,
  open: (threadId: string) => void,
): void {
  const before = useRef<readonly NoticedThread[]>(undefined);
  const latestOpen = useRef(open);
  useEffect(() => {
    latestOpen.current = open;
  }, [open]);
  useEffect(() => {
    if (threads === undefined) return;
    const announce = (): void => {
      const waiting = newlyWaiting(before.current, threads);
      before.current = threads;
      if (!document.hidden || !('Notification' in globalThis) || Notification.permission !== 'granted')
        return;
      for (const { threadId, title } of waiting) {
        const notice = new Notification('Longhaul needs your decision', { body: title, tag: threadId });
        notice.addEventListener('click', () => {
          focus();
          latestOpen.current(threadId);
          notice.close();
        });
      }
    };
    const timer = setTimeout(announce, before.current === undefined ? 0 : waitsForMs);
    return () => clearTimeout(timer);
  }, [threads]);
}
