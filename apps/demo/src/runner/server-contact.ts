import { useSyncExternalStore } from 'react';

/** The interval of checks while the server does not respond. */
const askAgainMs = 1_500;

let away = false;
const listeners = new Set<() => void>();

function tell(next: boolean): void {
  if (away === next) return;
  away = next;
  if (away) setTimeout(askAgain, askAgainMs);
  for (const listener of listeners) listener();
}

function askAgain(): void {
  fetch('/api/config', { method: 'HEAD', cache: 'no-store' }).then(
    () => tell(false),
    () => setTimeout(askAgain, askAgainMs),
  );
}

/** Like the platform's `fetch`, for the page's own server. Records whether the server responded. */
export async function askServer(input: string | Request, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    tell(false);
    return response;
  } catch (error) {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    if (signal?.aborted !== true) tell(true);
    throw error;
  }
}

/** Whether the page's server does not respond now. */
export function useServerIsAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => away,
  );
}
