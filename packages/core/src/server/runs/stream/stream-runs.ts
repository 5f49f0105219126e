import { forEachAtMost } from '../../../clock/for-each-at-most.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { Refusal } from '../../refusal.ts';
import { encodeNotice } from './frame.ts';
import { PageRuns } from './page-runs.ts';
import { PageStream } from './page-stream.ts';
import { readWantedRuns, type WantedRun } from './stream-query.ts';

/** The number of runs that one stream loads at the same time. One page must not occupy the store. */
const openingRuns = 8;

const listChanged = encodeNotice('list', {});

/**
 * Streams the events of several runs, and a notice when the visitor's list of runs has changed. The stream stays open
 * after the end of the runs.
 */
export async function streamRuns<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
): Promise<Response> {
  const { feeds, lists, places, times } = parts;
  const { owner, request, url, report } = visit;
  const wanted = readWantedRuns(url.searchParams);
  const free = places.take(owner);
  const page = new PageStream(request.signal);
  page.onEnd(free);
  times.add(page);
  const runs = new PageRuns(page, feeds, 'multi', report);
  page.onEnd(lists.watch(owner, runs.createNotice(listChanged)));
  const adding = forEachAtMost(openingRuns, wanted, (one) => addRun(parts, visit, page, runs, one));
  adding.catch((error: unknown) => {
    // The page cannot distinguish a run that could not be read from one without events. It opens the stream again.
    page.close();
    report(error);
  });
  return page.answer();
}

async function addRun<P extends Principal>(
  { access }: HandlerParts<P>,
  { principal }: Visit<P>,
  page: PageStream,
  runs: PageRuns,
  { runId, after }: WantedRun,
): Promise<void> {
  if (page.isClosed) return;
  try {
    const opened = await access.open(principal, runId, 'read');
    runs.add(opened, after, (state) => {
      if (state === 'over') page.send(encodeNotice('end', { runId }));
      else page.close();
    });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    page.send(encodeNotice('gone', { runId }));
  }
}
