import type { EngineEventBody } from '../engine/engine-event.ts';
import type { MessageProblem } from '../engine/message-result.ts';
import type { RunState } from '../engine/run-state.ts';

type MessageOf<Type extends EngineEventBody['type']> = Extract<EngineEventBody, { readonly type: Type }>;

/** A message of the user for a run. The run records its result under `messageId`. */
export interface UserMessage {
  readonly messageId: string;
  /** Why the message does not fit the run in this state; undefined if it fits. */
  problem(state: RunState): MessageProblem | undefined;
  /** The message for the state of the run at the time of sending. */
  messageFor(state: RunState): MessageOf<'decided' | 'lease_asked' | 'steer_asked' | 'owner_assigned'>;
}
