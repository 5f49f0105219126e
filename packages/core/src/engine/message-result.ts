import type { Decision } from './decision.ts';

/** The recorded result of a message. `id` is the sender's id. */
export type ProcessedMessage = { readonly id: string } & (
  | {
      readonly result: 'applied';
      /** The decisions of the message, and the iteration of their calls. */
      readonly decided?: {
        readonly iteration: number;
        readonly calls: readonly { readonly callId: string; readonly decision: Decision['type'] }[];
      };
    }
  /** A decision of the message did not fit the run, so the whole message had no effect. */
  | { readonly result: 'rejected'; readonly callId: string; readonly reason: string }
);

/** The result of a message, without its id. */
export type MessageResult = ProcessedMessage extends infer Each
  ? Each extends ProcessedMessage
    ? Omit<Each, 'id'>
    : never
  : never;
