import type { Decision } from './decision.ts';
import type { ProcessedMessage, RunState } from './run-state.ts';

/** The result of a message, without its id. */
export type MessageResult = ProcessedMessage extends infer Each
  ? Each extends ProcessedMessage
    ? Omit<Each, 'id'>
    : never
  : never;

/** How many messages a run remembers: few enough for a head that is written with each save. */
const mostMessages = 50;

/** The result of the message with this id of its sender; undefined if it was not processed. */
export function processedMessage(state: RunState, id: string): ProcessedMessage | undefined {
  return state.processedMessages?.find((message) => message.id === id);
}

/** The same list with one more message, without those that are too old. */
export function withMessage(state: RunState, message: ProcessedMessage): readonly ProcessedMessage[] {
  return [...(state.processedMessages ?? []), message].slice(-mostMessages);
}

/** The last recorded decision for a call. `iteration`: only for a call of that iteration. */
export function decisionMade(
  { processedMessages = [] }: RunState,
  callId: string,
  iteration: number | undefined,
): Decision['type'] | undefined {
  return processedMessages
    .flatMap((message) => (message.result === 'applied' && message.decided ? message.decided : []))
    .filter((decided) => iteration === undefined || decided.iteration === iteration)
    .flatMap(({ calls }) => calls)
    .findLast((call) => call.callId === callId)?.decision;
}
