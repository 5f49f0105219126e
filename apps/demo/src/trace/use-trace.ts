import { isTerminalRun, type RunEvent, type RunView } from '@longhaul/core';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { LoopPlace } from '../runner/loop-place.ts';
import { pageFetch } from '../runner/page-network.ts';
import { recorder } from './page-recorder.ts';
import type { Trace } from './trace-entry.ts';

/** Asks the server for the events of a run that this page has not received, and records them. */
async function recordMissed(runId: string): Promise<number> {
  const response = await pageFetch(`/api/longhaul/runs/${runId}/trace`);
  if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
  const events: RunEvent[] = await response.json();
  recorder.takeEvents(runId, events);
  return events.length;
}

/**
 * Returns a run's requests and events, live. A page receives no events of a run on the server from before it watched the
 * run, or while it was offline. So it asks for them at each iteration, and at the end.
 */
export function useTrace({ runId, iteration, iterations, status }: RunView, place: LoopPlace): Trace {
  // Until its first iteration, the run may not have reached the server.
  const isKnown = iterations.length > 0;
  useQuery({
    queryKey: ['demo', 'missed events', runId, iteration, isTerminalRun(status)],
    queryFn: place === 'server' && isKnown ? () => recordMissed(runId) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  });
  return useSyncExternalStore(recorder.subscribe, () => recorder.read(runId));
}
