import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** Where the loop runs: in this page, or on the server. */
export type LoopPlace = 'page' | 'server';

/** The place that the visitor has chosen. The URL of a run takes precedence. */
export const chosenPlace: StoredValue<LoopPlace> = storedValue(
  'loop',
  v.picklist(['page', 'server']),
  'page',
);

/** The routes of a run's page. The same id means another run in the other place. */
export const runRoutes = { page: '/runs/:runId', server: '/server/runs/:runId' } as const satisfies Readonly<
  Record<LoopPlace, string>
>;

export function runPath(place: LoopPlace, runId: string): string {
  return runRoutes[place].replace(':runId', runId);
}

/** The place of the run that a path shows, or undefined if the path shows no run. */
export function placeOfPath(path: string): LoopPlace | undefined {
  if (path.startsWith(runPath('page', ''))) return 'page';
  return path.startsWith(runPath('server', '')) ? 'server' : undefined;
}
