import type { IterationView, ItemView } from '@longhaul/core';
import { Brain, Cloud } from 'lucide-react';
import type { ReactElement } from 'react';
import { formatDuration, shortId } from '../ui/format.ts';
import { Markdown } from '../ui/markdown.tsx';
import type { DemoCall } from './demo-call.ts';
import { messageTextOf, reasoningSummaryOf } from './item-text.ts';
import { ToolCard } from './tool-card.tsx';
import type { Decide } from './tool-decision.tsx';
import styles from './iteration-block.module.css';

/** Shows one iteration: the model's reasoning, messages and calls, in their order. */
export function IterationBlock(props: {
  readonly iteration: IterationView;
  readonly items: readonly ItemView[];
  readonly calls: readonly DemoCall[];
  /** Whether a page executes the call. */
  readonly isForPage: (call: DemoCall) => boolean;
  readonly decide: Decide;
  readonly isLast: boolean;
}): ReactElement {
  const { iteration, items, calls, isForPage, decide, isLast } = props;
  const said = items.some(({ item }) => item.type === 'message');
  return (
    <section className={styles['iteration']} aria-label={`Iteration ${iteration.index + 1}`}>
      <IterationHeader iteration={iteration} />
      {items.map(({ outputIndex, item, done }) => {
        const key = `${item.type}-${outputIndex}`;
        switch (item.type) {
          case 'reasoning': {
            const summary = reasoningSummaryOf(item);
            return summary === '' ? null : <Reasoning key={key} text={summary} />;
          }
          case 'message':
            return (
              <Message
                key={key}
                text={messageTextOf(item)}
                isAnswer={isLast && item['phase'] !== 'commentary'}
                isGrowing={!done}
              />
            );
          case 'function_call':
          case 'custom_tool_call':
            return null;
          default:
            return (
              <p key={key} className={styles['hosted']}>
                <Cloud size={14} aria-hidden="true" /> {item.type.replaceAll('_', ' ')}
              </p>
            );
        }
      })}
      {!said && iteration.text !== '' && (
        <Message text={iteration.text} isAnswer={isLast} isGrowing={iteration.endedAt === undefined} />
      )}
      {calls.length > 0 && (
        <div className={styles['calls']}>
          {calls.map((call) => (
            <ToolCard key={call.callId} call={call} isForPage={isForPage(call)} decide={decide} />
          ))}
        </div>
      )}
    </section>
  );
}

function IterationHeader({ iteration }: { readonly iteration: IterationView }): ReactElement {
  const attempt = iteration.attempts.at(-1);
  const polls = iteration.attempts.reduce((sum, one) => sum + one.polls, 0);
  const reconnects = iteration.attempts.reduce((sum, one) => sum + one.reconnects, 0);
  return (
    <header className={styles['head']}>
      <h3>Iteration {iteration.index + 1}</h3>
      {iteration.responseId !== null && (
        <code title={iteration.responseId}>{shortId(iteration.responseId)}</code>
      )}
      <span>{iteration.status.replaceAll('_', ' ')}</span>
      {iteration.endedAt !== undefined && (
        <span>{formatDuration(iteration.endedAt - iteration.startedAt)}</span>
      )}
      {attempt?.mode === 'stream' && <span>streamed</span>}
      {polls > 0 && <span>{polls === 1 ? '1 poll' : `${polls} polls`}</span>}
      {reconnects > 0 && <span>{reconnects === 1 ? '1 reconnect' : `${reconnects} reconnects`}</span>}
      {attempt !== undefined && attempt.strategy === 'replay' && <span>replayed</span>}
      {iteration.attempts.length > 1 && <span>{iteration.attempts.length} attempts</span>}
    </header>
  );
}

function Reasoning({ text }: { readonly text: string }): ReactElement {
  return (
    <div className={styles['reasoning']}>
      <Brain size={15} aria-label="Reasoning" />
      <Markdown text={text} />
    </div>
  );
}

function Message(props: {
  readonly text: string;
  readonly isAnswer: boolean;
  readonly isGrowing: boolean;
}): ReactElement {
  return (
    <div
      className={styles['message']}
      data-answer={props.isAnswer ? '' : undefined}
      data-growing={props.isGrowing ? '' : undefined}
      data-testid={props.isAnswer ? 'answer' : undefined}
    >
      <Markdown text={props.text} />
    </div>
  );
}
