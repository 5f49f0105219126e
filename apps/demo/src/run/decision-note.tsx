import type { ReactElement } from 'react';
import { useWorkerList } from '../workers/use-worker-list.ts';
import { decisionText, type DecisionEffect } from './decision-effect.ts';
import type { SentDecision } from './sent-decisions.ts';
import styles from './tool-card.module.css';

/** States what has become of a decision of this tab. A folded card shows it too, because the decision may be lost. */
export function DecisionNote(props: {
  readonly sent: SentDecision | undefined;
  readonly effect: DecisionEffect;
}): ReactElement {
  const { sent, effect } = props;
  const { list, runningCount } = useWorkerList({ isWanted: false });
  const wait =
    list === undefined ? '' : runningCount > 0 ? 'Waits for a worker.' : 'Waits until a worker is started.';
  // The element is always there, so that screen readers announce its text.
  return (
    <p role="status" className={styles['decided']} data-effect={effect}>
      {sent !== undefined && effect !== undefined && decisionText(sent, effect, wait)}
    </p>
  );
}
