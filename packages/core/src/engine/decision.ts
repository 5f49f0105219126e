/** What a person, or a system outside, decides about a call that waits. It is bound to that call and counts once. */
export type Decision =
  | { readonly type: 'approve'; readonly callId: string }
  | { readonly type: 'deny'; readonly callId: string; readonly reason?: string }
  /** The result of a call whose tool has no `execute`: a string or content parts as they are, anything else as JSON. */
  | { readonly type: 'output'; readonly callId: string; readonly output: unknown }
  /** The call cannot be answered: the model is told this message. */
  | { readonly type: 'error'; readonly callId: string; readonly message: string };
