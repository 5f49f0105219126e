import type { RunEventBody } from './view/run-event.ts';
import type { StoredItem } from './stored-item.ts';
import type { ErrorView } from './view/run-view.ts';

/** Replace the head by this state, append these items, and delete the received messages with these ids. */
export interface SaveEffect {
  readonly type: 'save';
  readonly append: readonly StoredItem[];
  readonly received?: readonly string[];
}

/**
 * What the engine wants done, as data. The driver performs effects in their order, and nothing after a `save` before
 * that save has succeeded (I7).
 */
export type Effect =
  | SaveEffect
  | { readonly type: 'emit'; readonly event: RunEventBody }
  /** Ask `prepareRequest` about `buildRequest(…)`: answered by `prepared` or `prepare_failed`. */
  | { readonly type: 'prepare' }
  /** Send `buildRequest(…)`, a create, and tell `iteration.started` with it where `announce` says so. */
  | { readonly type: 'create'; readonly announce: boolean }
  /** Send `buildRequest(…)`, a retrieve: JSON or a stream, as it says. */
  | { readonly type: 'retrieve' }
  | { readonly type: 'cancel' }
  /** Send a cancel for a response that the run does not wait for; its answer is ignored. */
  | { readonly type: 'cancel_other'; readonly responseId: string }
  /** Remember for an hour, for all runs of this client, that a proxy holds its streams back. */
  | { readonly type: 'remember_buffering' }
  /** Stop the request that is on its way; its answer is ignored. */
  | { readonly type: 'abort_request' }
  /** Ask the tools about these calls: answered by `assessed`. */
  | { readonly type: 'assess'; readonly callIds: readonly string[] }
  /** Execute the call and tell `tool.started` with its arguments. */
  | { readonly type: 'execute'; readonly callId: string; readonly idempotencyKey: string }
  /** Tell running tools to stop. */
  | { readonly type: 'abort_tools' }
  /** Read the structured output from the last iteration's items: answered by `output_read`. */
  | { readonly type: 'read_output' }
  /** Wake the engine by a `timer` event at this time, instead of any time asked for before; null for not at all. */
  | { readonly type: 'wait'; readonly until: number | null }
  /** Stop driving: the run stays resumable. */
  | { readonly type: 'stop'; readonly error: ErrorView };
