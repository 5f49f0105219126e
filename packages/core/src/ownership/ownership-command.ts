import type { CallType } from './ownership.ts';

/**
 * A command for the performer. A call results in an event with its number; all other commands are performed
 * immediately.
 */
export type OwnershipCommand =
  | { readonly type: CallType; readonly call: number; readonly ask?: number }
  /** Ask the runner for the context of the run's tools. An event with the number of the request reports the result. */
  | { readonly type: 'ask_context'; readonly request: number }
  /** Release the claim. */
  | { readonly type: 'release' }
  /** Send the first event to the new run's loop. */
  | { readonly type: 'begin' }
  /** The handle is used again, so `done()` waits for another end. */
  | { readonly type: 'reopen' }
  /** Create a loop from the last loaded save, and show the run as driven here. */
  | { readonly type: 'open' }
  /** Create a loop from the state in this process, because the store does not have the run. */
  | { readonly type: 'import' }
  /** Continue the loop from its save. */
  | { readonly type: 'resume'; readonly manual: boolean }
  /** Send the last received messages to the loop. */
  | { readonly type: 'feed_received' }
  /** Check that the request still fits the run, and send it to the loop. */
  | { readonly type: 'feed'; readonly ask: number }
  /** Show the last loaded save. */
  | { readonly type: 'show_saved'; readonly driver: 'elsewhere' | 'none' }
  /** Publish nothing, and ignore published events, until the next hello. */
  | { readonly type: 'follow' }
  /** Ask the driver process for its unsaved events. */
  | { readonly type: 'hello' }
  /** Publish the view, and all events from now on. */
  | { readonly type: 'publish_live' }
  /** Show which process drives the run. */
  | { readonly type: 'show_driver'; readonly driver: 'here' | 'elsewhere' | 'none' }
  /** Show the last loaded save, as driven by no process. */
  | { readonly type: 'show_resting' }
  /** Show the loop's state. The run has ended. */
  | { readonly type: 'show_end' }
  | { readonly type: 'stop_loop' }
  /** The run has ended. */
  | { readonly type: 'end' }
  /**
   * Driving ends before the run. `failed`: the reason is the error of the last call, or of the context. `halted`: the
   * loop has reported the reason. `parked`: the queue wakes a worker for the run. `lost`: another worker may have the
   * run's job.
   */
  | {
      readonly type: 'stop';
      readonly why: 'detached' | 'not_found' | 'conflict' | 'failed' | 'halted' | 'parked' | 'lost';
    }
  /**
   * Answer the user with the result that the state records, or after a stop with its reason. `stopped`: driving has
   * just stopped, although the run may be reopened immediately.
   */
  | { readonly type: 'answer'; readonly ask: number; readonly stopped?: true }
  /** Answer the user with the error of the last call. */
  | { readonly type: 'refuse'; readonly ask: number };
