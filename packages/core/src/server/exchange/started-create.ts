import type { JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Claim, FirstOutcome } from '../limits/idempotency.ts';
import type { RunningCap, RunningPlace } from '../limits/running-cap.ts';

/** What a create holds while it is under way, and how each end of it is put on record. */
export interface StartedCreate {
  /** The API said no, or was never reached, or its foreground connection ended: no job runs. */
  nothingRuns(): Promise<void>;
  /**
   * There may be a job: its place stays taken until it expires. Its key is free again: whether to risk a second job is
   * the client's to decide, as it would be without a proxy.
   */
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
      await aside(claim?.release());
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
