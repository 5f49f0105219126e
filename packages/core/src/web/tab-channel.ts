import type { RunNotice } from '../store/run-store.ts';
import { isJsonObject } from '../wire/json.ts';

/** Carries notices to the other tabs of this site. */
export interface TabChannel {
  /** Opens it; without that nothing is heard. */
  listen(): void;
  send(notice: RunNotice): void;
  close(): void;
}

/** @param onNotice Hears what other tabs send, never what was sent here. */
export function tabChannel(name: string, onNotice: (notice: RunNotice) => void): TabChannel {
  let channel: BroadcastChannel | undefined;
  let closed = false;

  function open(): BroadcastChannel | undefined {
    // Without it (old browsers, server-side rendering) other tabs are followed by asking the store.
    if (closed || typeof BroadcastChannel === 'undefined') return undefined;
    if (channel === undefined) {
      channel = new BroadcastChannel(name);
      // Node has it too, and an open one would keep a server that renders pages from ending.
      if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isNotice(data)) onNotice(data);
      };
    }
    return channel;
  }

  return {
    listen: () => void open(),
    send: (notice) => {
      try {
        open()?.postMessage(notice);
      } catch {
        // Not JSON after all: those who follow miss it, which must not stop the run.
      }
    },
    close: () => {
      closed = true;
      channel?.close();
    },
  };
}

/** Another tab may have an older or a newer version of the page: what is not known here is left out (I10). */
function isNotice(data: unknown): data is RunNotice {
  if (!isJsonObject(data) || typeof data['runId'] !== 'string') return false;
  switch (data['type']) {
    case 'saved':
    case 'posted':
    case 'released':
      return true;
    case 'live':
      return 'message' in data;
    default:
      return false;
  }
}
