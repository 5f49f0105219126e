import type { WaitingView } from '@longhaul/core';
import type { ReactElement } from 'react';
import { Countdown } from '../ui/countdown.tsx';
import type { DemoView } from './demo-call.ts';
import styles from './now-line.module.css';
import { waitsForPage } from './page-call.ts';
import { ConnectionError } from './connection-error.tsx';

/** Warnings of a cancelled run whose job may still be running at the server. */
const jobMayRun: ReadonlySet<string> = new Set(['cancel_undelivered', 'orphan_possible']);

/** Describes the current state in one sentence: a wait with its countdown, running tools, or a decision. */
export function NowLine({ view }: { readonly view: DemoView }): ReactElement {
  return <p className={styles['now']}>{sentence(view)}</p>;
}

function sentence(view: DemoView): ReactElement | string {
  switch (view.status) {
    case 'queued':
    case 'in_progress':
    case 'cancelling':
      return view.waiting === null ? (
        <Starting view={view} />
      ) : (
        <Waiting view={view} waiting={view.waiting} />
      );
    case 'running_tools': {
      const running = view.toolCalls.filter((call) => call.status === 'running').length;
      const where = view.agent === 'shop' ? 'on the server' : 'in your browser';
      return running <= 1 ? `A tool is running ${where}` : `${running} tools are running ${where}`;
    }
    case 'requires_action':
      if (waitsForPage(view)) return 'A tool is running in this page';
      return 'Waiting for you, without cost or time limit';
    case 'completed':
      return 'Run complete';
    case 'incomplete':
    case 'failed':
      return view.error?.message ?? 'The run ended without an answer';
    case 'cancelled':
      return view.warnings.some(({ code }) => jobMayRun.has(code))
        ? 'Cancelled here; a job may still be running at the server'
        : 'Cancelled; no job is running at the server';
  }
}

function Starting({ view }: { readonly view: DemoView }): ReactElement {
  // The error of a create that the run will retry.
  const error = view.iterations.at(-1)?.attempts.at(-1)?.error;
  return (
    <>
      <span>{startingText(view)}</span>
      {error !== undefined && <ConnectionError error={error} />}
    </>
  );
}

function startingText(view: DemoView): string {
  if (view.status === 'cancelling') return 'Cancelling';
  return view.iteration === 0 ? 'Sending the task' : 'Sending tool results';
}

function Waiting({
  view,
  waiting,
}: {
  readonly view: DemoView;
  readonly waiting: WaitingView;
}): ReactElement {
  const where = waiting.responseStatus === 'queued' ? "In the server's queue" : 'Model is working';
  return (
    <>
      <span>{view.status === 'cancelling' ? 'Cancelling' : where}</span>
      {waiting.error !== undefined && <ConnectionError error={waiting.error} />}
      <span className={styles['how']}>
        <HowItWaits waiting={waiting} />
      </span>
    </>
  );
}

function HowItWaits({ waiting }: { readonly waiting: WaitingView }): ReactElement | string | null {
  const { mode, error, nextPollAt, lastPolledAt, startedAt } = waiting;
  if (mode === 'stream' && error === undefined) return 'streaming';
  if (nextPollAt === undefined) return mode === 'stream' ? 'reconnecting' : 'polling now';
  return (
    <>
      {mode === 'stream' ? 'reconnects' : 'next poll'}{' '}
      <Countdown from={lastPolledAt ?? startedAt} to={nextPollAt} />
    </>
  );
}
