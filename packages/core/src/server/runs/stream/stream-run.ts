import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import type { OpenRun } from '../run-access.ts';
import { encodeNotice } from './frame.ts';
import { PageRuns } from './page-runs.ts';
import { PageStream } from './page-stream.ts';
import { readAfter } from './stream-query.ts';

const ended = encodeNotice('end', {});

/** Streams the events of one run. The stream closes after the last event of the run. */
export async function streamRun<P extends Principal>(
  { access, feeds, places, times }: HandlerParts<P>,
  { principal, owner, request, url, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  const after = readAfter(url.searchParams, request.headers);
  const free = places.take(owner);
  let opened: OpenRun;
  try {
    opened = await access.open(principal, runId, 'read');
  } catch (error) {
    free();
    throw error;
  }
  const page = new PageStream(request.signal);
  page.onEnd(free);
  times.add(page);
  new PageRuns(page, feeds, 'single', report).add(opened, after, (state) => {
    if (state === 'over') page.send(ended);
    page.close();
  });
  return page.answer();
}
