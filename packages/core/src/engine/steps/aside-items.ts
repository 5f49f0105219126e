import type { OutputItem } from '../../wire/items.ts';
import { isAnswer } from '../../wire/message-text.ts';
import type { RunState } from '../run-state.ts';
import type { Step } from '../step.ts';

/** The asides of the response that streams now; those of an earlier response do not count. */
function asidesOf({ asides, attempts }: RunState): readonly number[] {
  return asides !== undefined && asides.responseId === (attempts.at(-1)?.responseId ?? null)
    ? asides.indexes
    : [];
}

/** Whether the text of this item belongs to commentary or to another agent, and not to the answer. */
export function isAside(state: RunState, outputIndex: number): boolean {
  return asidesOf(state).includes(outputIndex);
}

/** Remembers whether a message that was added, or is done, is the answer's: its deltas do not say. */
export function noteAside(step: Step, outputIndex: number, item: OutputItem): void {
  const aside = item.type === 'message' && !isAnswer(item);
  if (aside === isAside(step.state, outputIndex)) return;
  const others = asidesOf(step.state).filter((index) => index !== outputIndex);
  const responseId = step.state.attempts.at(-1)?.responseId ?? null;
  step.set({ asides: { responseId, indexes: aside ? [...others, outputIndex] : others } });
}
