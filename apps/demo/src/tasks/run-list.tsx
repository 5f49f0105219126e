import { isTerminalRun, type Runner, type RunSummary } from '@longhaul/core';
import { formatRunStatus, useAgentRuns, useRunner } from '@longhaul/react';
import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { forgetRun, runTitles } from '../run/run-titles.ts';
import { runPath, type LoopPlace } from '../runner/loop-place.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { recorder } from '../trace/page-recorder.ts';
import { formatAgo } from '../ui/format.ts';
import { runStatusTone } from '../ui/run-status-text.ts';
import { StatusPill } from '../ui/status-pill.tsx';
import { useNow } from '../ui/use-now.ts';
import styles from './run-list.module.css';

/** Lists the runs of this browser, or the visitor's runs on the server, with their status, newest first. */
export function RunList({ place }: { readonly place: LoopPlace }): ReactElement {
  const runs = useAgentRuns({ limit: 30 });
  const titles = useStoredValue(runTitles);
  const now = useNow(true, 30_000);
  const summaries = runs.data ?? [];
  if (summaries.length === 0)
    return (
      <p className={styles['empty']}>
        {place === 'server'
          ? 'No runs yet. The server keeps your runs, even if it restarts.'
          : 'No runs yet. Runs stay in this list after a reload.'}
      </p>
    );
  const continued = new Set(summaries.map(({ continues }) => continues));
  return (
    <ul className={styles['list']}>
      {summaries.map((summary) => (
        <RunRow
          key={summary.runId}
          place={place}
          summary={summary}
          isContinued={continued.has(summary.runId)}
          title={titles[summary.runId] ?? 'Untitled run'}
          now={now}
        />
      ))}
    </ul>
  );
}

function RunRow(props: {
  readonly place: LoopPlace;
  readonly summary: RunSummary;
  /** The runner does not delete a run that other runs continue. */
  readonly isContinued: boolean;
  readonly title: string;
  readonly now: number;
}): ReactElement {
  const { place, summary, isContinued, title, now } = props;
  const [location, navigate] = useLocation();
  const runner = useRunner();
  const path = runPath(place, summary.runId);
  return (
    <li className={styles['row']}>
      <Link href={path} className={styles['run']} aria-current={location === path ? 'page' : undefined}>
        <span className={styles['title']}>{title}</span>
        <span className={styles['facts']}>
          <StatusPill tone={runStatusTone[summary.status]} live={!isTerminalRun(summary.status)} quiet>
            {formatRunStatus(summary.status)}
          </StatusPill>
          <span>{formatAgo(summary.createdAt, now)}</span>
        </span>
      </Link>
      {isTerminalRun(summary.status) && !isContinued && (
        <button
          type="button"
          className={styles['remove']}
          aria-label={`Remove “${title}”`}
          onClick={() => {
            if (location === path) navigate('/');
            void removeRun(runner, summary.runId);
          }}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

async function removeRun(runner: Runner, runId: string): Promise<void> {
  await runner.delete(runId);
  forgetRun(runId);
  recorder.forget(runId);
}
