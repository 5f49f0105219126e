import type { RunView } from '@longhaul/core';
import { remoteRunner } from '@longhaul/core/remote';
import { handler } from './runs.ts';

/** The view as a page of this visitor may see it. Undefined if there is no such run for the visitor. */
export async function shownView(runId: string, headers: Headers): Promise<RunView | undefined> {
  const runner = remoteRunner({
    baseURL: 'http://in-process.invalid/api/longhaul', // no request leaves the process
    headers: { authorization: headers.get('authorization') ?? '' }, // or the cookie
    fetch: (url, init) => handler(new Request(url, init)),
  });
  return await runner.read(runId);
}
