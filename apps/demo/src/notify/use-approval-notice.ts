import { useAgentThreads } from '@longhaul/react';
import { useEffect, useRef } from 'react';
import { newlyWaiting, type NoticedThread } from './approval-notice.ts';

/** Shows a notification of the browser when a conversation needs the visitor, if the tab is hidden and it is allowed. */
export function useApprovalNotice(open: (threadId: string) => void): void {
  const { data: threads } = useAgentThreads({ limit: 50 });
  const before = useRef<readonly NoticedThread[]>(undefined);
  useEffect(() => {
    if (threads === undefined) return;
    const waiting = newlyWaiting(before.current, threads);
    before.current = threads;
    if (!document.hidden || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
    for (const { threadId, title } of waiting) {
      const notice = new Notification('Longhaul needs your decision', { body: title, tag: threadId });
      notice.addEventListener('click', () => {
        focus();
        open(threadId);
        notice.close();
      });
    }
  }, [threads, open]);
}
