import type { ErrorView } from './view/run-view.ts';

/** The decision of a person or another system about a waiting call. It applies to that call only, and only once. */
export type Decision =
  | { readonly type: 'approve'; readonly callId: string }
  | { readonly type: 'deny'; readonly callId: string; readonly reason?: string }
  /**
   * The result of a call whose tool has no `execute`. A string is sent unchanged, content parts with the fields that
   * the API knows, and other values as JSON. If the call is leased, only a decision with its `leaseId` applies.
   */
  | { readonly type: 'output'; readonly callId: string; readonly output: unknown; readonly leaseId?: string }
  /** The call failed. The message is sent to the model. `leaseId`: as for an output. */
  | { readonly type: 'error'; readonly callId: string; readonly message: string; readonly leaseId?: string };

/** The output of a failed call. The model reads it, and can correct its next call. */
export function failureText({ message }: Pick<ErrorView, 'message'>): string {
  return `Error: ${message}`;
}

/** The output of a call that a person denied. */
export function deniedText(reason: string): string {
  return `The call was denied. ${reason}`;
}
