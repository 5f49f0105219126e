import { useSyncExternalStore } from 'react';
import { askServer } from './server-contact.ts';

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

/** The loop takes a failure with this code for a request that was never sent, and repeats it with back-off. */
function notSent(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ECONNREFUSED' });
}

/**
 * A browser does not tell whether a request that failed had reached the server. For a create that is the question: one
 * that may have started a job is repeated only once. So each create knocks first, and is sent where somebody answers.
 */
async function knock(signal: AbortSignal): Promise<void> {
  try {
    await askServer('/api/config', { method: 'HEAD', cache: 'no-store', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw notSent('The server cannot be reached.');
  }
}

/** The platform's fetch behind that plug: it fails, and breaks what is open, as a lost network does. */
export async function pageFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (unplugged) throw notSent('The page is unplugged.');
  const signal = AbortSignal.any([request.signal, cut.signal]);
  if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/responses')) await knock(signal);
  return await askServer(request, { signal });
}
