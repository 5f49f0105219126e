import type { ReactElement } from 'react';
import { ChoiceRow, type Choice } from '../ui/choice-row.tsx';

export type WhileActive = 'steer' | 'queue';

const choices: readonly Choice<WhileActive>[] = [
  {
    value: 'steer',
    label: 'Add to this answer',
    title: 'The model gets the message with its next request, while it works on this answer',
  },
  {
    value: 'queue',
    label: 'Send after it',
    title: 'The message waits, and becomes the next question when this answer has ended',
  },
];

/** Selects what happens to a message while an answer is being made. */
export function WhileActiveChoice(props: {
  readonly chosen: WhileActive;
  readonly choose: (value: WhileActive) => void;
}): ReactElement {
  return <ChoiceRow legend="Use of your message" hidesLegend choices={choices} {...props} />;
}
