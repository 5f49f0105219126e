import type { RunEventBody } from './view/run-event.ts';
import type { StoredItem } from './stored-item.ts';
import type { ErrorView } from './view/run-view.ts';

/** Replaces the head by this state, appends these items, and deletes the received messages with these ids. */
export interface SaveEffect {
  readonly type: 'save';
  readonly append: readonly StoredItem[];
  readonly received?: readonly string[];
}

/**
 * A side effect that the engine requests, as data. The driver performs effects in order. It waits until a `save` has
 * succeeded before it performs the next effect (I7).
 */
export type Effect =
  | SaveEffect
  | { readonly type: 'emit'; readonly event: RunEventBody }
  /** Load the conversation before this run. Results in `history_loaded` or `history_failed`. */
  | { readonly type: 'load_history' }
  /** Call `prepareRequest` with `buildRequest(…)`. Results in `prepared` or `prepare_failed`. */
  | { readonly type: 'prepare' }
  /** Send `buildRequest(…)`, a create. `announce`: also emit `iteration.started` with this request. */
  | { readonly type: 'create'; readonly announce: boolean }
  /** Send `buildRequest(…)`, a retrieve of JSON or of a stream. */
  | { readonly type: 'retrieve' }
  | { readonly type: 'cancel' }
  /** Send a cancel for a response that the run does not wait for. The answer is ignored. */
  | { readonly type: 'cancel_other'; readonly responseId: string }
  /** Remember for an hour, for all runs of this client, that a proxy buffers its streams. */
  | { readonly type: 'remember_buffering' }
  /**
   * Remember for `forMs` milliseconds, for all runs of this client, that webhooks arrive. 0: a poll found the end of a
   * response whose webhook is missing.
   */
  | { readonly type: 'remember_webhooks'; readonly forMs: number }
  /** Look whether a webhook named this response before its id was saved. If so, it results in `woken`. */
  | { readonly type: 'take_webhook'; readonly responseId: string }
  /** Abort the request in flight. Its answer is ignored. */
  | { readonly type: 'abort_request' }
  /** Check these calls against the tools. Results in `assessed`. */
  | { readonly type: 'assess'; readonly callIds: readonly string[] }
  /** Execute the call and emit `tool.started` with its arguments. */
  | { readonly type: 'execute'; readonly callId: string; readonly idempotencyKey: string }
  /** Abort the running tools. */
  | { readonly type: 'abort_tools' }
  /** Read the structured output from the last iteration's items. Results in `output_read`. */
  | { readonly type: 'read_output' }
  /** Replace the timer by one at this time, or by none if the time is null. Results in `timer`. */
  | { readonly type: 'wait'; readonly until: number | null }
  /** Stop driving. The run stays resumable. */
  | { readonly type: 'stop'; readonly error: ErrorView };
