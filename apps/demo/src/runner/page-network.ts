import { useSyncExternalStore } from 'react';
import { askServer } from './server-contact.ts';

let unplugged = false;
let cut = new AbortController();
const listeners = new Set<() => void>();

/** Takes the page offline or online. While it is offline, the runner's requests fail. */
export function setUnplugged(next: boolean): void {
  unplugged = next;
  if (unplugged) cut.abort(new TypeError('The page is offline.'));
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

/** With this code, the loop knows that the request was not sent, and retries with back-off. */
function notSent(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ECONNREFUSED' });
}

/**
 * A browser does not report whether a failed request reached the server. The loop repeats a create that may have started
 * a job only once. So each create first checks that the server responds, and is sent only then.
 */
async function checkServer(signal: AbortSignal): Promise<void> {
  try {
    await askServer('/api/config', { method: 'HEAD', cache: 'no-store', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw notSent('The server cannot be reached.');
  }
}

/** Like the platform's `fetch`. While the page is offline, requests fail and open responses break. */
export async function pageFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (unplugged) throw notSent('The page is offline.');
  const signal = AbortSignal.any([request.signal, cut.signal]);
  if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/responses'))
    await checkServer(signal);
  return await askServer(request, { signal });
}
