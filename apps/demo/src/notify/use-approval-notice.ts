import { useAgentThreads } from '@longhaul/react';
import { useEffect, useRef } from 'react';
import { newlyWaiting, type NoticedThread } from './approval-notice.ts';

/** Milliseconds for which a conversation must wait. A tool of this page also waits, until the page executes it. */
const waitsForMs = 1_000;

/**
 * Shows a notification of the browser when a conversation needs the visitor, if the tab is hidden and it is allowed.
 *
 * @returns The ids of all conversations that wait for the visitor.
 */
export function useApprovalNotice(open: (threadId: string) => void): readonly string[] {
  const { data: threads } = useAgentThreads({ limit: 50 });
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
  const waiting = threads?.filter(({ status }) => status === 'requires_action') ?? [];
  return waiting.map(({ threadId }) => threadId);
}
