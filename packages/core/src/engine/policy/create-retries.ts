import type { CreateTrouble } from '../run-state.ts';
import { backOff, growingPause, serverDelay } from './retry-delay.ts';

/** Why a create is sent again. */
export type TroubleKind = 'overloaded' | 'not_forwarded' | 'credentials';

/** How long the API may refuse creates in a row, in milliseconds of the loop's own pauses: those that it states do not count. */
const overloadedForMs = 180_000;
/** Creates that the API may refuse in a row. */
const overloadedCreates = 25;
/** How long the first create of a run may fail to reach the API, in milliseconds. */
const unreachedForMs = 120_000;
/** Creates in a row that may lack credentials before driving stops: some seconds. */
const createsForCredentials = 4;

const none = { since: 0, creates: 0, overloads: 0, pausedMs: 0, withoutCredentials: 0 };

export interface NextCreateTry {
  readonly trouble: CreateTrouble;
  /** Milliseconds until the create is sent again; undefined where the loop stops trying. */
  readonly pauseMs: number | undefined;
}

/**
 * What follows from one more create that came to nothing. Reasons of different kinds add up: a load balancer in front of
 * an overloaded API answers with its own 503 and the API's in turn. Later creates that do not reach the API are tried
 * until a limit of the run.
 *
 * @param askedMs What the server asked to wait: the larger of it and the loop's own pause counts.
 */
export function nextCreateTry(
  before: CreateTrouble | null,
  kind: TroubleKind,
  time: number,
  random: number,
  askedMs: number | undefined,
  noResponseYet: boolean,
): NextCreateTry {
  const last = before ?? none;
  const creates = last.creates + 1;
  const own =
    kind === 'not_forwarded' && !noResponseYet
      ? growingPause(creates, random, 2_000, 60_000)
      : backOff(creates, random);
  const asked = askedMs === undefined ? 0 : serverDelay(askedMs);
  const isOverload = kind === 'overloaded';
  const trouble = {
    ...last,
    // What the API refuses has reached it, and its pause is its own: neither is time in which creates did not reach it.
    since: (last.creates > last.overloads ? last.since : time) + (isOverload && asked > own ? asked : 0),
    creates,
    overloads: last.overloads + (isOverload ? 1 : 0),
    pausedMs: last.pausedMs + (isOverload && asked < own ? own : 0),
    withoutCredentials: kind === 'credentials' ? last.withoutCredentials + 1 : 0,
  };
  const isHopeless = {
    overloaded: trouble.overloads >= overloadedCreates || last.pausedMs >= overloadedForMs,
    not_forwarded: noResponseYet && time - trouble.since >= unreachedForMs,
    credentials: trouble.withoutCredentials > createsForCredentials,
  };
  return { trouble, pauseMs: isHopeless[kind] ? undefined : Math.max(asked, own) };
}
