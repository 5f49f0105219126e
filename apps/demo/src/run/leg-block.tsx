import type { IterationView, ItemView } from '@longhaul/core';
import { Brain, Cloud } from 'lucide-react';
import type { ReactElement } from 'react';
import { formatDuration, shortId } from '../ui/format.ts';
import { Markdown } from '../ui/markdown.tsx';
import type { DemoCall } from './demo-call.ts';
import { messageTextOf, reasoningSummaryOf } from './item-text.ts';
import { ToolCard } from './tool-card.tsx';
import type { Decide } from './tool-decision.tsx';
import styles from './leg-block.module.css';

/** One leg: what the model thought, said and called, in its order. */
export function LegBlock(props: {
  readonly leg: IterationView;
  readonly items: readonly ItemView[];
  readonly calls: readonly DemoCall[];
  readonly decide: Decide;
  readonly isLast: boolean;
}): ReactElement {
  const { leg, items, calls, decide, isLast } = props;
  const said = items.some(({ item }) => item.type === 'message');
  return (
    <section className={styles['leg']} aria-label={`Leg ${leg.index + 1}`}>
      <LegHeader leg={leg} />
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
      {!said && leg.text !== '' && (
        <Message text={leg.text} isAnswer={isLast} isGrowing={leg.endedAt === undefined} />
      )}
      {calls.length > 0 && (
        <div className={styles['calls']}>
          {calls.map((call) => (
            <ToolCard key={call.callId} call={call} decide={decide} />
          ))}
        </div>
      )}
    </section>
  );
}

function LegHeader({ leg }: { readonly leg: IterationView }): ReactElement {
  const attempt = leg.attempts.at(-1);
  const polls = leg.attempts.reduce((sum, one) => sum + one.polls, 0);
  const reconnects = leg.attempts.reduce((sum, one) => sum + one.reconnects, 0);
  return (
    <header className={styles['head']}>
      <h3>Leg {leg.index + 1}</h3>
      {leg.responseId !== null && <code title={leg.responseId}>{shortId(leg.responseId)}</code>}
      <span>{leg.status.replaceAll('_', ' ')}</span>
      {leg.endedAt !== undefined && <span>{formatDuration(leg.endedAt - leg.startedAt)}</span>}
      {attempt?.mode === 'stream' && <span>streamed</span>}
      {polls > 0 && <span>{polls === 1 ? '1 poll' : `${polls} polls`}</span>}
      {reconnects > 0 && <span>{reconnects === 1 ? '1 reconnect' : `${reconnects} reconnects`}</span>}
      {attempt !== undefined && attempt.strategy === 'replay' && <span>replayed</span>}
      {leg.attempts.length > 1 && <span>{leg.attempts.length} attempts</span>}
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
