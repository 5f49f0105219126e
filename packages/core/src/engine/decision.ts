import type { ErrorView } from './view/run-view.ts';

/** What a person, or a system outside, decides about a call that waits. It is bound to that call and counts once. */
export type Decision =
  | { readonly type: 'approve'; readonly callId: string }
  | { readonly type: 'deny'; readonly callId: string; readonly reason?: string }
  /** The result of a call whose tool has no `execute`: a string or content parts as they are, anything else as JSON. */
  | { readonly type: 'output'; readonly callId: string; readonly output: unknown }
  /** The call cannot be answered: the model is told this message. */
  | { readonly type: 'error'; readonly callId: string; readonly message: string };

/** The output of a call that failed: the model reads it, and can correct its next call. */
export function failureText({ message }: Pick<ErrorView, 'message'>): string {
  return `Error: ${message}`;
}

/** The output of a call that a person denied. */
export function deniedText(reason: string): string {
  return `The call was denied. ${reason}`;
}
