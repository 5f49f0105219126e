import { useSyncExternalStore } from 'react';

/** While the server does not answer it is asked this often whether it is back. */
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

/** The platform's fetch to the page's own server; whether it was answered is known to the whole page. */
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

/** Whether the page's server does not answer at the moment. */
export function useServerIsAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => away,
  );
}
