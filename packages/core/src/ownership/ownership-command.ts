import type { CallType } from './ownership.ts';

/**
 * A command for the performer. A call results in an event with its number; all other commands are performed
 * immediately.
 */
export type OwnershipCommand =
  | { readonly type: CallType; readonly call: number; readonly ask?: number }
  /** Give the claim back. */
  | { readonly type: 'release' }
  /** Feed the new run its first event. */
  | { readonly type: 'begin' }
  /** The handle is in use again: `done()` waits for another end. */
  | { readonly type: 'reopen' }
  /** Make a loop of what was loaded last, and show it as driven here. */
  | { readonly type: 'open' }
  /** Make a loop of the state that is known here, because the store does not have the run. */
  | { readonly type: 'import' }
  /** Drive the loop from its save. */
  | { readonly type: 'resume'; readonly manually: boolean }
  /** Feed the loop the messages that were received last. */
  | { readonly type: 'feed_received' }
  /** Check that the ask still fits the run, and feed it to the loop. */
  | { readonly type: 'feed'; readonly ask: number }
  /** Show what was loaded last, as driven elsewhere. */
  | { readonly type: 'show_saved' }
  /** Ask the driving process for what is not saved. */
  | { readonly type: 'hello' }
  /** Publish the view, and from now on every event. */
  | { readonly type: 'publish_live' }
  /** Show that the run is driven here, or by no process. */
  | { readonly type: 'show_driver'; readonly driver: 'here' | 'none' }
  /** Show what was loaded last, as driven by no process. */
  | { readonly type: 'show_resting' }
  /** Show the loop's state, which is over. */
  | { readonly type: 'show_end' }
  | { readonly type: 'stop_loop' }
  /** The run is over. */
  | { readonly type: 'end' }
  /**
   * Driving ends before the run is over. `failed`: the reason is what the last call threw. `halted`: the loop has
   * reported the reason.
   */
  | { readonly type: 'stop'; readonly why: 'detached' | 'not_found' | 'conflict' | 'failed' | 'halted' }
  /** Answer the user by what the state records; after a stop, by its reason. */
  | { readonly type: 'answer'; readonly ask: number }
  /** Answer the user by what the last call threw. */
  | { readonly type: 'refuse'; readonly ask: number };
