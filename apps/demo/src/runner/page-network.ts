import { useSyncExternalStore } from 'react';

let unplugged = false;
let cut = new AbortController();
const listeners = new Set<() => void>();

/** Unplugs the page, or plugs it in again: while it is unplugged no request of the runner leaves it. */
export function setUnplugged(next: boolean): void {
  unplugged = next;
  if (unplugged) cut.abort(new TypeError('The page is unplugged.'));
  else cut = new AbortController();
  for (const listener of listeners) listener();
}

export function useUnplugged(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unplugged,
  );
}

/** The platform's fetch behind that plug: it fails, and breaks what is open, as a lost network does. */
export async function pageFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  return await fetch(request, { signal: AbortSignal.any([request.signal, cut.signal]) });
}
