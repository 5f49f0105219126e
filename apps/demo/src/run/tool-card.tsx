import { isSettledCall } from '@longhaul/core';
import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactElement } from 'react';
import { callAnchor } from '../thread/anchors.ts';
import { formatDuration } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { callStatusText, decidedText } from '../ui/run-status-text.ts';
import { StatusPill } from '../ui/status-pill.tsx';
import { useNow } from '../ui/use-now.ts';
import { callSummary } from './call-summary.ts';
import { decisionEffect, isDecided } from './decision-effect.ts';
import { DecisionNote } from './decision-note.tsx';
import type { DemoCall } from './demo-call.ts';
import { useSentDecision, type Decide } from './sent-decisions.ts';
import { ToolArguments } from './tool-arguments.tsx';
import { ToolDecision } from './tool-decision.tsx';
import { toolLook } from './tool-look.ts';
import { ToolProgress } from './tool-progress.tsx';
import { ToolResult } from './tool-result.tsx';
import styles from './tool-card.module.css';

/** Whether a card begins open. A completed call is folded, unless its result is a picture for the visitor. */
function beginsOpen({ name, status }: DemoCall): boolean {
  return status !== 'completed' || name === 'draw_chart';
}

/**
 * Shows one tool call: its arguments, its result, its time, and the decision of the visitor. The card folds when the
 * call completes, unless the visitor has opened or folded it.
 */
export function ToolCard({
  call,
  isForPage,
  decide,
}: {
  readonly call: DemoCall;
  /** Whether a page executes the call. It then waits for an output, but not for a person. */
  readonly isForPage: boolean;
  /** Undefined if no decision can be made. */
  readonly decide: Decide | undefined;
}): ReactElement {
  const { title, icon: Icon } = toolLook(call.name);
  const status = isForPage && call.status === 'awaiting_output' ? 'running' : call.status;
  const sent = useSentDecision(call.callId);
  const effect = decisionEffect(call, sent);
  const { label, tone } = isDecided(call, sent) ? decidedText : callStatusText[status];
  const isHidden = isPrivate(call) && call.arguments === undefined;
  const [chosen, choose] = useState<boolean>();
  const isOpen = chosen ?? beginsOpen(call);
  const summary = isOpen ? undefined : callSummary(call);
  const contentId = useId();
  return (
    <article
      id={callAnchor(call.callId)}
      className={styles['card']}
      data-tone={tone}
      data-status={status}
      aria-label={`${title}: ${label}`}
    >
      <header className={styles['head']}>
        <span className={styles['icon']}>
          <Icon size={15} aria-hidden="true" />
        </span>
        <h4 className={styles['title']}>
          <button
            type="button"
            className={styles['fold']}
            aria-expanded={isOpen}
            aria-controls={contentId}
            onClick={() => choose(!isOpen)}
          >
            {title}
          </button>
        </h4>
        {summary === undefined ? (
          <code className={styles['name']}>{call.name}</code>
        ) : (
          <span className={styles['summary']}>{summary}</span>
        )}
        <span className={styles['state']}>
          <CallTime call={call} />
          <StatusPill tone={tone} live={status === 'running'} quiet>
            {label}
          </StatusPill>
          <ChevronRight size={14} aria-hidden="true" className={styles['chevron']} />
        </span>
      </header>
      {(sent !== undefined || status === 'awaiting_approval' || status === 'awaiting_output') && (
        <DecisionNote sent={sent} effect={effect} />
      )}
      <div id={contentId} hidden={!isOpen}>
        <div className={styles['body']}>
          <ToolArguments call={call} />
          {isForPage && <p className={styles['purpose']}>Executed by this page, not by the server</p>}
          {isHidden && (
            <p className={styles['purpose']}>
              The tool is private: the server does not show its arguments and its result to pages.
            </p>
          )}
          {status === 'running' && <ToolProgress progress={call.progress} />}
          {decide !== undefined && (status === 'awaiting_approval' || status === 'awaiting_output') && (
            <ToolDecision call={call} sent={sent} isDisabled={effect === 'pending'} decide={decide} />
          )}
          <ToolResult call={call} />
          {call.error !== undefined && (
            <p className={tone === 'bad' ? styles['error'] : styles['purpose']}>{call.error.message}</p>
          )}
        </div>
        <details
          className={styles['raw']}
          // A card that the visitor reads must not fold.
          onToggle={(event) => {
            if (event.currentTarget.open) choose(true);
          }}
        >
          <summary>JSON</summary>
          <JsonView
            label={`${title} as JSON`}
            value={{
              call_id: call.callId,
              ...(isHidden ? {} : { arguments: call.arguments ?? call.rawArguments }),
              ...(call.approvalView === undefined ? {} : { approval_view: call.approvalView }),
              ...(call.output === undefined ? {} : { output: call.output }),
              ...(call.error === undefined ? {} : { error: call.error }),
            }}
          />
        </details>
      </div>
    </article>
  );
}

/** Whether the server hides the call. The page has no definition of the server's tools, so it knows them by name. */
function isPrivate({ name }: DemoCall): boolean {
  return name === 'sign_offer' || name === 'send_offer';
}

function CallTime({ call }: { readonly call: DemoCall }): ReactElement | null {
  const running = call.startedAt !== undefined && !isSettledCall(call.status);
  const now = useNow(running);
  if (call.startedAt === undefined) return null;
  return <span className={styles['time']}>{formatDuration((call.endedAt ?? now) - call.startedAt)}</span>;
}
