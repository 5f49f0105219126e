import type { Decision } from './decision.ts';

/** Why a message does not fit the run: a call does not wait for its decision, or the run takes no steered input. */
export type MessageProblem =
  | { readonly callId: string; readonly reason: string }
  | { readonly code: 'run_over' | 'steer_limit'; readonly reason: string };

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
  /** The message, or one of its decisions, did not fit the run, so the whole message had no effect. */
  | ({ readonly result: 'rejected' } & MessageProblem)
);

/** The result of a message, without its id. */
export type MessageResult = ProcessedMessage extends infer Each
  ? Each extends ProcessedMessage
    ? Omit<Each, 'id'>
    : never
  : never;
