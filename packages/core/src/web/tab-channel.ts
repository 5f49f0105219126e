import { isNotice } from '../store/is-notice.ts';
import type { RunNotice } from '../store/run-store.ts';

/** Exchanges notices with the other tabs of this site. */
export interface TabChannel {
  /** Opens the channel, to receive notices. `broadcast` opens it too. */
  listen(): void;
  broadcast(notice: RunNotice): void;
  close(): void;
}

/** @param onNotice Called with notices of other tabs, not with those sent here. */
export function tabChannel(name: string, onNotice: (notice: RunNotice) => void): TabChannel {
  let channel: BroadcastChannel | undefined;
  let closed = false;

  function open(): BroadcastChannel | undefined {
    // Without `BroadcastChannel` (old browsers, server-side rendering), followers only query the store.
    if (closed || typeof BroadcastChannel === 'undefined') return undefined;
    if (channel === undefined) {
      channel = new BroadcastChannel(name);
      // In Node, an open channel would keep a server that renders pages alive.
      if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isNotice(data)) onNotice(data);
      };
    }
    return channel;
  }

  return {
    listen: () => void open(),
    broadcast: (notice) => {
      try {
        open()?.postMessage(notice);
      } catch {
        // The message cannot be cloned. Followers do not receive it, but the run continues.
      }
    },
    close: () => {
      closed = true;
      channel?.close();
    },
  };
}
