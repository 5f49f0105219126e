import { isTerminalRun } from '@longhaul/core';
import { Activity, Check, ChevronLeft, ChevronRight, Copy, Pencil, RefreshCw } from 'lucide-react';
import { memo, useId, useState, type ReactElement, type ReactNode } from 'react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoTurn } from '../run/demo-call.ts';
import type { Decide } from '../run/sent-decisions.ts';
import { turnAnchor } from '../runner/loop-place.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format.ts';
import { PartView } from './part-view.tsx';
import { TurnAnswer } from './turn-answer.tsx';
import { answerText, textOfParts } from './turn-text.ts';
import type { DemoThread } from './demo-thread.ts';
import { useCopy } from './use-copy.ts';
import { useTurnRuns } from './use-turn-runs.ts';
import styles from './turn.module.css';

/** Shows one turn: the question, the answer, and what a visitor can do with them. */
export const Turn = memo(function Turn(props: {
  readonly agent: ShownAgent;
  readonly turn: DemoTurn;
  /** The position in the shown part of the conversation, from 1. */
  readonly position: number;
  readonly actions: Pick<DemoThread, 'edit' | 'regenerate' | 'show' | 'respond'>;
  /** Whether this tab has cancelled the run, so that a decision about its calls would have no effect. */
  readonly isStopped: boolean;
  /** Whether the inspector shows this turn. */
  readonly isInspected: boolean;
  readonly inspect: (runId: string) => void;
  /** Called with the error of an action. */
  readonly failed: (error: unknown) => void;
}): ReactElement {
  const { agent, turn, position, actions, isStopped, isInspected, inspect, failed } = props;
  const runs = useTurnRuns(agent, turn);
  const [isEdited, setEdited] = useState(false);
  const isOver = isTerminalRun(turn.status);
  const decide: Decide = (decision) => actions.respond([decision], { runId: turn.runId });
  return (
    <article
      id={turnAnchor(turn.runId)}
      className={styles['turn']}
      aria-label={`Turn ${position}`}
      aria-busy={!isOver}
    >
      {isEdited ? (
        <EditForm
          text={textOfParts(turn.input)}
          close={() => setEdited(false)}
          save={(text) => {
            setEdited(false);
            actions.edit(turn.runId, text).catch(failed);
          }}
        />
      ) : (
        <div className={styles['asked']}>
          <div className={styles['question']} role="group" aria-label="Your question">
            {turn.input.map((part) => (
              <Asked key={part.key}>{part.type === 'text' ? part.text : <PartView part={part} />}</Asked>
            ))}
          </div>
          <div className={styles['questionActions']}>
            <Versions turn={turn} show={actions.show} />
            <Button look="quiet" title="Edit the question" onClick={() => setEdited(true)}>
              <Pencil size={14} aria-hidden="true" /> Edit
            </Button>
          </div>
        </div>
      )}
      <div className={styles['answer']}>
        <TurnAnswer turn={turn} runs={runs} decide={isStopped ? undefined : decide} />
        {isOver && (
          <footer className={styles['actions']}>
            <CopyAnswer text={answerText(turn.parts)} />
            <Button
              look="quiet"
              title="Ask the same question again, as another version"
              onClick={() => void actions.regenerate(turn.runId).catch(failed)}
            >
              <RefreshCw size={14} aria-hidden="true" /> Ask again
            </Button>
            <Button
              look="quiet"
              aria-pressed={isInspected}
              title="Show the timeline and the requests of this turn"
              onClick={() => inspect(turn.runId)}
            >
              <Activity size={14} aria-hidden="true" /> Inspect
            </Button>
            <span className={styles['time']} title="The time in which the answer was made">
              {formatDuration(runs.reduce((sum, run) => sum + run.updatedAt - run.createdAt, 0))}
            </span>
          </footer>
        )}
      </div>
    </article>
  );
});

function Asked({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={styles['askedPart']}>{children}</div>;
}

/** Shows which version of the turn is shown, and shows the others. */
function Versions(props: {
  readonly turn: DemoTurn;
  readonly show: (runId: string) => void;
}): ReactElement | null {
  const { siblings, index } = props.turn;
  if (siblings.length < 2) return null;
  const before = siblings[index - 1];
  const after = siblings[index + 1];
  return (
    <span className={styles['versions']} role="group" aria-label="Versions">
      <Button
        look="quiet"
        aria-label="Previous version"
        disabled={before === undefined}
        onClick={() => before !== undefined && props.show(before)}
      >
        <ChevronLeft size={15} aria-hidden="true" />
      </Button>
      <span>
        {index + 1} of {siblings.length}
      </span>
      <Button
        look="quiet"
        aria-label="Next version"
        disabled={after === undefined}
        onClick={() => after !== undefined && props.show(after)}
      >
        <ChevronRight size={15} aria-hidden="true" />
      </Button>
    </span>
  );
}

function CopyAnswer({ text }: { readonly text: string }): ReactElement | null {
  const { isCopied, copy } = useCopy();
  if (text === '') return null;
  return (
    <>
      <Button look="quiet" onClick={() => copy(text)}>
        {isCopied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
      <span role="status" className="visually-hidden">
        {isCopied ? 'The answer was copied' : ''}
      </span>
    </>
  );
}

function EditForm(props: {
  readonly text: string;
  readonly save: (text: string) => void;
  readonly close: () => void;
}): ReactElement {
  const [text, setText] = useState(props.text);
  const id = useId();
  const isEmpty = text.trim() === '';
  const save = (): void => {
    if (!isEmpty) props.save(text.trim());
  };
  return (
    <form
      className={styles['edit']}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        The question
      </label>
      <textarea
        id={id}
        // The visitor has just asked for this field.
        ref={(field) => field?.focus()}
        className={styles['editText']}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.close();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save();
        }}
      />
      <div className={styles['editActions']}>
        <span className={styles['editHint']}>The old version stays in the conversation.</span>
        <Button onClick={props.close}>Close</Button>
        <Button type="submit" look="main" disabled={isEmpty}>
          Ask this instead
        </Button>
      </div>
    </form>
  );
}
