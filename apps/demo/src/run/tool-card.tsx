import { isSettledCall } from '@longhaul/core';
import type { ReactElement } from 'react';
import { formatDuration } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { callStatusText } from '../ui/run-status-text.ts';
import { StatusPill } from '../ui/status-pill.tsx';
import { useNow } from '../ui/use-now.ts';
import type { DemoCall } from './demo-call.ts';
import { ToolArguments } from './tool-arguments.tsx';
import { ToolDecision, type Decide } from './tool-decision.tsx';
import { toolLook } from './tool-look.ts';
import { ToolProgress } from './tool-progress.tsx';
import { ToolResult } from './tool-result.tsx';
import styles from './tool-card.module.css';

/** Shows one tool call: its arguments, its result, its time, and the decision of the visitor. */
export function ToolCard({
  call,
  decide,
}: {
  readonly call: DemoCall;
  readonly decide: Decide;
}): ReactElement {
  const { title, icon: Icon } = toolLook(call.name);
  const { label, tone } = callStatusText[call.status];
  return (
    <article
      className={styles['card']}
      data-tone={tone}
      data-status={call.status}
      aria-label={`${title}: ${label}`}
    >
      <header className={styles['head']}>
        <span className={styles['icon']}>
          <Icon size={15} aria-hidden="true" />
        </span>
        <h4 className={styles['title']}>{title}</h4>
        <code className={styles['name']}>{call.name}</code>
        <span className={styles['state']}>
          <CallTime call={call} />
          <StatusPill tone={tone} live={call.status === 'running'} quiet>
            {label}
          </StatusPill>
        </span>
      </header>
      <div className={styles['body']}>
        <ToolArguments call={call} />
        {call.status === 'running' && <ToolProgress progress={call.progress} />}
        {(call.status === 'awaiting_approval' || call.status === 'awaiting_output') && (
          <ToolDecision call={call} decide={decide} />
        )}
        <ToolResult call={call} />
        {call.error !== undefined && (
          <p className={tone === 'bad' ? styles['error'] : styles['purpose']}>{call.error.message}</p>
        )}
      </div>
      <details className={styles['raw']}>
        <summary>JSON</summary>
        <JsonView
          label={`${title} as JSON`}
          value={{
            call_id: call.callId,
            arguments: call.arguments ?? call.rawArguments,
            ...(call.output === undefined ? {} : { output: call.output }),
            ...(call.error === undefined ? {} : { error: call.error }),
          }}
        />
      </details>
    </article>
  );
}

function CallTime({ call }: { readonly call: DemoCall }): ReactElement | null {
  const running = call.startedAt !== undefined && !isSettledCall(call.status);
  const now = useNow(running);
  if (call.startedAt === undefined) return null;
  return <span className={styles['time']}>{formatDuration((call.endedAt ?? now) - call.startedAt)}</span>;
}
