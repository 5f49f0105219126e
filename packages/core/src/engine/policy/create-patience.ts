import type { CreateTrouble } from '../run-state.ts';
import { backOff, growingPause } from './back-off.ts';
import { pauseAfter, serverDelay } from './server-delay.ts';

/** How long the API may refuse creates in a row, in milliseconds without the pauses that it states itself. */
const overloadedForMs = 180_000;
/** Creates that the API may refuse in a row. */
const overloadedCreates = 25;
/** How long the first create of a run may fail to reach the API, in milliseconds. */
const unreachedForMs = 120_000;
/** Creates in a row that may lack credentials before driving stops: some seconds. */
const createsForCredentials = 4;

/** The record of creates in a row that came to nothing, with one more of this kind. */
export function moreTrouble(
  before: CreateTrouble | null,
  kind: CreateTrouble['kind'],
  time: number,
  askedMs: number | undefined,
): CreateTrouble {
  const last = before?.kind === kind ? before : { kind, since: time, creates: 0, statedMs: 0 };
  return {
    ...last,
    creates: last.creates + 1,
    statedMs: last.statedMs + (askedMs === undefined ? 0 : serverDelay(askedMs)),
  };
}

/** Whether the loop stops trying. Later creates that do not reach the API are tried until a limit of the run. */
export function isHopeless(trouble: CreateTrouble, time: number, nothingInvested: boolean): boolean {
  const { kind, since, creates, statedMs } = trouble;
  switch (kind) {
    case 'overloaded':
      return creates >= overloadedCreates || time - since - statedMs >= overloadedForMs;
    case 'not_forwarded':
      return nothingInvested && time - since >= unreachedForMs;
    case 'credentials':
      return creates > createsForCredentials;
  }
}

/** Milliseconds until the create is sent again: the larger of what the server asks for and the loop's own pause. */
export function createPause(
  { kind, creates }: CreateTrouble,
  askedMs: number | undefined,
  random: number,
  nothingInvested: boolean,
): number {
  const own =
    kind === 'not_forwarded' && !nothingInvested
      ? growingPause(creates, random, 2_000, 60_000)
      : backOff(creates, random);
  return pauseAfter(askedMs, own);
}
