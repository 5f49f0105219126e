import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import type { JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import { renewMs } from '../limits/doubt.ts';
import type { Claim, FirstOutcome, KeptAnswer } from '../limits/idempotency.ts';
import type { RunningCap, RunningPlace } from '../limits/running-cap.ts';

/**
 * Holds the running place and the idempotency key of a create in flight, and records the outcome of the create. Only
 * the first outcome counts.
 */
export interface StartedCreate {
  /**
   * Called if the API refuses or does not receive the create, or if its foreground connection ends. Then no job runs.
   */
  nothingRuns(): Promise<void>;
  /**
   * Called if a job may exist. Its place stays reserved for `doubtMs`. Its key becomes free, because the client decides
   * whether to send the create again and risk a second job, as without a proxy.
   */
  outcomeUnknown(): Promise<void>;
  /** Called with every snapshot of the response in an answer or an event. Returns true if the response has ended. */
  seen(response: JsonObject): Promise<boolean>;
  /** Records the answer for repeats of the create. */
  record(outcome: FirstOutcome): Promise<void>;
}

export interface StartedCreateParts {
  readonly place: RunningPlace;
  readonly claim: Claim | undefined;
  readonly running: RunningCap;
  readonly clock: Clock;
  /** Decides whether an answer is stored. */
  readonly keeps: (answer: KeptAnswer) => Promise<boolean>;
  /** Called with storage failures. The client still gets its response if counting it fails. */
  readonly onError: (error: unknown) => void;
}

export function startedCreate(parts: StartedCreateParts): StartedCreate {
  const { place, claim, running, clock, keeps, onError } = parts;
  let assigned = false;
  let ended = false;
  const aside = async (step: () => Promise<void> | undefined): Promise<void> => {
    try {
      await step();
    } catch (error) {
      onError(error);
    }
  };
  // A create may take any time. Its place and key must not expire before it ends, nor stay reserved after its process
  // dies.
  const endRenewing = repeat(clock, renewMs, async () => {
    await aside(() => place.renew());
    await aside(() => claim?.renew());
  });
  const end = async (step: () => Promise<void>): Promise<void> => {
    if (ended) return;
    ended = true;
    endRenewing();
    await step();
  };

  return {
    nothingRuns: () =>
      end(async () => {
        await aside(() => place.free());
        await aside(() => claim?.release());
      }),
    outcomeUnknown: () =>
      end(async () => {
        await aside(() => place.doubt());
        await aside(() => claim?.release());
      }),
    async seen({ id, status }) {
      if (typeof id !== 'string') return false;
      const isOver = typeof status === 'string' && isTerminal(status);
      if (!assigned) await aside(() => place.assign(id));
      assigned = true;
      if (isOver) await aside(() => running.ended(id));
      return isOver;
    },
    record: (outcome) =>
      end(() =>
        aside(async () => {
          const { answer } = outcome;
          const isKept = claim !== undefined && answer !== undefined && (await keeps(answer));
          await claim?.settle(isKept ? outcome : { ...outcome, answer: undefined });
        }),
      ),
  };
}
