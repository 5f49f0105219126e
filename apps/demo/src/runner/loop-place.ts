import * as v from 'valibot';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

/** Where the loop runs: in this page, or on the server. */
export type LoopPlace = 'page' | 'server';

/** The place that the visitor has chosen. Null before the first choice. The URL of a run takes precedence. */
export const chosenPlace: StoredValue<LoopPlace | null> = storedValue(
  'loop',
  v.nullable(v.picklist(['page', 'server'])),
  null,
);

/** The routes of a conversation. The same id means another conversation in the other place. */
export const threadRoutes = {
  page: '/threads/:threadId',
  server: '/server/threads/:threadId',
} as const satisfies Readonly<Record<LoopPlace, string>>;

/** The routes of a run. They show the run in its conversation. */
export const runRoutes = { page: '/runs/:runId', server: '/server/runs/:runId' } as const satisfies Readonly<
  Record<LoopPlace, string>
>;

/** The anchor of a turn in the page of its conversation. `runId` is the newest run of the turn. */
export function turnAnchor(runId: string): string {
  return `turn-${runId}`;
}

export function threadPath(place: LoopPlace, threadId: string): string {
  return threadRoutes[place].replace(':threadId', threadId);
}

/** The place of the conversation that a path shows, or undefined if the path shows none. */
export function placeOfPath(path: string): LoopPlace | undefined {
  if (/^\/(?:threads|runs)\//.test(path)) return 'page';
  return /^\/server\/(?:threads|runs)\//.test(path) ? 'server' : undefined;
}
