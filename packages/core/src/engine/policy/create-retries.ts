import type { CreateTrouble } from '../create-trouble.ts';
import { backOff, growingPause, serverDelay } from './retry-delay.ts';

/** The reason why a create is sent again. */
export type TroubleKind = 'overloaded' | 'not_forwarded' | 'credentials';

/**
 * The limit of the loop's own delays after refusals in a row, as their sum in milliseconds. Delays that the API asks
 * for do not count.
 */
const overloadedForMs = 180_000;
/** The number of refusals in a row after which the loop stops retrying. */
const overloadedCreates = 25;
/** The time for which the first create of a run may fail to reach the API, in milliseconds. */
const unreachedForMs = 120_000;
/** The number of retries without credentials before driving stops. They take a few seconds. */
const createsForCredentials = 4;

const none = { since: 0, creates: 0, overloads: 0, pausedMs: 0, withoutCredentials: 0 };

export interface NextCreateTry {
  readonly trouble: CreateTrouble;
  /** Milliseconds until the create is sent again. Undefined if the loop stops retrying. */
  readonly pauseMs: number | undefined;
}

/**
 * Decides whether and when a failed create is sent again. Failures of different kinds add up, because a load balancer
 * in front of an overloaded API answers alternately with its own 503 and the API's. If the run has a response, creates
 * that do not reach the API are retried until a limit ends the run.
 *
 * @param askedMs The delay that the server asks for. The larger of it and the loop's own delay is used.
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
    // An overloaded API was reached, so a delay that it asks for does not count as time without the API.
    since: (last.creates > last.overloads ? last.since : time) + (isOverload && asked > own ? asked : 0),
    creates,
    overloads: last.overloads + (isOverload ? 1 : 0),
    pausedMs: last.pausedMs + (isOverload && asked < own ? own : 0),
    withoutCredentials: kind === 'credentials' ? last.withoutCredentials + 1 : 0,
  };
  const isLimitReached = {
    overloaded: trouble.overloads >= overloadedCreates || last.pausedMs >= overloadedForMs,
    not_forwarded: noResponseYet && time - trouble.since >= unreachedForMs,
    credentials: trouble.withoutCredentials > createsForCredentials,
  };
  return { trouble, pauseMs: isLimitReached[kind] ? undefined : Math.max(asked, own) };
}
