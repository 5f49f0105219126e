import { useSyncExternalStore } from 'react';

/** Milliseconds between two checks while the server does not respond. */
const checkAgainMs = 1_500;

let away = false;
const listeners = new Set<() => void>();

function setAway(next: boolean): void {
  if (away === next) return;
  away = next;
  if (away) setTimeout(checkAgain, checkAgainMs);
  for (const listener of listeners) listener();
}

function checkAgain(): void {
  fetch('/api/config', { method: 'HEAD', cache: 'no-store' }).then(
    () => setAway(false),
    () => setTimeout(checkAgain, checkAgainMs),
  );
}

/** Like the platform's `fetch`, for the page's own server. Records whether the server responded. */
export async function askServer(input: string | Request, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    setAway(false);
    return response;
  } catch (error) {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    if (signal?.aborted !== true) setAway(true);
    throw error;
  }
}

/** True while the page's server does not respond. */
export function useServerIsAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => away,
  );
}
