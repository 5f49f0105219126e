import type { Ask, RunFacts } from './ownership.ts';

/** A hint that a run may have changed. `asked` comes from a regular check or from `wake`, the others from the store. */
export type StoreHint = 'saved' | 'posted' | 'released' | 'asked';

/** The facts of the run in the loop or in a loaded save. `answered`: the requests whose outcome that state records. */
interface Facts {
  readonly run: RunFacts;
  readonly answered: readonly number[];
}

/** A request of the user, without its number. The flags of a resume are those of `Ask`. */
export type AskEvent =
  | ({ readonly type: 'resume' } & Pick<Ask, 'manual' | 'permits' | 'replaces' | 'adopts'>)
  | { readonly type: 'follow' | 'decide' | 'cancel' };

/** An event for the machine. Answers of calls have the call's number. */
export type OwnershipEvent =
  /** A new run begins. */
  | { readonly type: 'begun' }
  | (AskEvent & { readonly ask: number })
  | { readonly type: 'detach' }
  /** A follower asks for unsaved events. */
  | { readonly type: 'hello' }
  | { readonly type: 'hint'; readonly hint: StoreHint }
  /** The result of a query of the store. */
  | {
      readonly type: 'looked';
      /** Undefined if the run is not stored. */
      readonly revision: number | undefined;
      /** Undefined if the run is not stored, or if the store's queries do not return it. */
      readonly commitId: string | undefined;
      readonly claimed: boolean;
      readonly posted: boolean;
      /** See `RunFacts`. */
      readonly halted?: boolean;
    }
  /**
   * The performer answered the user instead of sending the decision: it does not fit the run, or the run records its
   * outcome.
   */
  | { readonly type: 'ask_settled'; readonly ask: number }
  | { readonly type: 'claim_answered'; readonly call: number; readonly granted: boolean }
  /** `claimed`: whether another process holds the claim. Undefined if the store does not report it. */
  | ({ readonly type: 'loaded'; readonly call: number; readonly claimed?: boolean } & (
      | Facts
      | { readonly run: null }
    ))
  /** The runner has provided the context of the run's tools, or could not provide it. */
  | { readonly type: 'context_given' | 'context_failed'; readonly request: number }
  /** `count`: the number of messages that the loop here has not received. `cancels`: whether one is a cancel. */
  | { readonly type: 'received'; readonly call: number; readonly count: number; readonly cancels: boolean }
  | { readonly type: 'posted'; readonly call: number }
  | ({ readonly type: 'flushed' | 'drained'; readonly call: number } & Facts)
  /**
   * The result of parking the run: it is parked; its inbox has messages, so it is not; or this process no longer has the
   * run's job.
   */
  | {
      readonly type: 'park_answered';
      readonly call: number;
      readonly result: 'parked' | 'has_messages' | 'lost';
    }
  /** `late`: the wait for an abandoned claim has ended. */
  | { readonly type: 'paused'; readonly call: number; readonly late: boolean }
  /** The store call failed permanently, or all its retries failed. */
  | { readonly type: 'failed'; readonly call: number }
  /** The loop has finished a step. */
  | ({ readonly type: 'stepped' } & Facts)
  /** The loop has stopped before the run ended. */
  | { readonly type: 'halted' }
  /** The store has given the claim to another process. */
  | { readonly type: 'claim_lost' };

export type OwnershipEventOf<Type extends OwnershipEvent['type']> = Extract<
  OwnershipEvent,
  { readonly type: Type }
>;
