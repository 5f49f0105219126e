import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import type { JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import { renewMs } from '../limits/doubt.ts';
import type { Claim, FirstOutcome, KeptAnswer } from '../limits/idempotency.ts';
import type { RunningCap, RunningPlace } from '../limits/running-cap.ts';

/** What a create holds while it is under way, and how each end of it is put on record. The first end counts. */
export interface StartedCreate {
  /** The API said no, or was never reached, or its foreground connection ended: no job runs. */
  nothingRuns(): Promise<void>;
  /**
   * There may be a job: its place stays taken for minutes. Its key is free again: whether to risk a second job is the
   * client's to decide, as it would be without a proxy.
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
  readonly clock: Clock;
  /** Whether there is room to keep an answer. */
  readonly keeps: (answer: KeptAnswer) => Promise<boolean>;
  /** A response that exists is not lost to the client because it could not be counted: failures go here. */
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
  // A create takes as long as it takes: what it holds must neither run out before its end nor outlive its process.
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
