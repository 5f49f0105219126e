import type { JsonObject } from '../wire/json.ts';
import { isTerminal } from '../wire/response.ts';
import type { Claim, FirstOutcome } from './idempotency.ts';
import type { RunningCap, RunningPlace } from './running-cap.ts';

/** What a create holds while it is under way, and how each end of it is put on record. */
export interface StartedCreate {
  /** The API said no, or was never reached, or its foreground connection ended: no job runs. */
  nothingRuns(): Promise<void>;
  /** There may be a job: its place stays taken until it expires, and its key starts no second one. */
  outcomeUnknown(): Promise<void>;
  /** A response, as an answer or an event shows it. Called for each sight of it; true when it is over. */
  seen(response: JsonObject): Promise<boolean>;
  /** What a repeat of the create will be answered with. */
  record(outcome: FirstOutcome): Promise<void>;
}

export interface StartedCreateParts {
  readonly place: RunningPlace;
  readonly claim: Claim | undefined;
  readonly running: RunningCap;
  /** A response that exists is not lost to the client because it could not be counted: failures go here. */
  readonly onError: (error: unknown) => void;
}

export function startedCreate({ place, claim, running, onError }: StartedCreateParts): StartedCreate {
  let assigned = false;
  const aside = (step: Promise<void> | undefined): Promise<void> => Promise.resolve(step).catch(onError);
  return {
    async nothingRuns() {
      await aside(place.free());
      await aside(claim?.release());
    },
    async outcomeUnknown() {
      await aside(claim?.settle({ state: 'unknown' }));
    },
    async seen({ id, status }) {
      if (typeof id !== 'string') return false;
      const isOver = typeof status === 'string' && isTerminal(status);
      if (!assigned) await aside(place.assign(id));
      assigned = true;
      if (isOver) await aside(running.ended(id));
      return isOver;
    },
    record: (outcome) => aside(claim?.settle(outcome)),
  };
}
