import type { WaitingView } from '@longhaul/core';
import type { ReactElement } from 'react';
import { Countdown } from '../ui/countdown.tsx';
import type { DemoView } from './demo-call.ts';
import styles from './now-line.module.css';
import { TroubleText } from './trouble-text.tsx';

/** Warnings of a cancel that did not stop everything at the server. */
const mayGoOn: ReadonlySet<string> = new Set(['cancel_undelivered', 'orphan_possible']);

/** What happens at this moment, in a sentence: the wait and its countdown, the tools, the person. */
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
      return running <= 1 ? 'A tool runs in your browser' : `${running} tools run in your browser`;
    }
    case 'requires_action':
      return 'The run waits for you, at no cost, as long as it takes';
    case 'completed':
      return 'The run arrived';
    case 'incomplete':
    case 'failed':
      return view.error?.message ?? 'The run ended without an answer';
    case 'cancelled':
      return view.warnings.some(({ code }) => mayGoOn.has(code))
        ? 'Cancelled here; a job may go on at the server'
        : 'Cancelled here and at the server';
  }
}

function Starting({ view }: { readonly view: DemoView }): ReactElement {
  // A create that could not be sent, or was refused for now, is sent again.
  const trouble = view.iterations.at(-1)?.attempts.at(-1)?.error;
  return (
    <>
      <span>{startingText(view)}</span>
      {trouble !== undefined && <TroubleText error={trouble} />}
    </>
  );
}

function startingText(view: DemoView): string {
  if (view.status === 'cancelling') return 'The cancel is on its way';
  return view.iteration === 0 ? 'Sending the task' : 'Sending what the tools gave';
}

function Waiting({
  view,
  waiting,
}: {
  readonly view: DemoView;
  readonly waiting: WaitingView;
}): ReactElement {
  const where = waiting.responseStatus === 'queued' ? "In the server's queue" : 'The model works';
  return (
    <>
      <span>{view.status === 'cancelling' ? 'The cancel is on its way' : where}</span>
      {waiting.error !== undefined && <TroubleText error={waiting.error} />}
      <span className={styles['how']}>
        <HowItWaits waiting={waiting} />
      </span>
    </>
  );
}

function HowItWaits({ waiting }: { readonly waiting: WaitingView }): ReactElement | string | null {
  const { mode, error, nextPollAt, lastPolledAt, startedAt } = waiting;
  if (mode === 'stream' && error === undefined) return 'its answer is streamed';
  if (nextPollAt === undefined) return mode === 'stream' ? 'connecting again' : 'asking now';
  return (
    <>
      {mode === 'stream' ? 'connects again' : 'next poll'}{' '}
      <Countdown from={lastPolledAt ?? startedAt} to={nextPollAt} />
    </>
  );
}
