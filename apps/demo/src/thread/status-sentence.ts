import { isTerminalRun, type RunView, type WaitingView } from '@longhaul/core';
import { formatRunStatus } from '@longhaul/react';
import { shownStatus, waitsForPage } from '../run/page-call.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { runStatusTone, type Tone } from '../ui/run-status-text.ts';

/** Whether the page has contact with its server. */
export interface Contact {
  /** The visitor has taken the page offline. */
  readonly isOffline: boolean;
  /** The server does not respond. */
  readonly isAway: boolean;
}

/** Facts about a run that its view does not show yet. */
export interface BeforeView {
  /** This tab has decided about all calls that wait for a person. */
  readonly isDecided?: boolean;
  /** This tab has cancelled the run. */
  readonly isStopped?: boolean;
  /** No worker process runs that could continue the run. */
  readonly hasNoWorker?: boolean;
}

export interface StatusSentence {
  readonly tone: Tone;
  /** The status in one or two words. */
  readonly label: string;
  /** A sentence about the current step. It never contradicts the label. */
  readonly text: string;
  /** The time of the next request. */
  readonly next?: { readonly label: string; readonly from: number; readonly to: number };
}

/** Warnings of a cancelled run whose job may still be running at the server. */
const jobMayRun: ReadonlySet<string> = new Set(['cancel_undelivered', 'orphan_possible']);

/** The messages of browsers for a failed connection. They do not help a visitor. */
const browsersWords = /failed to fetch|network ?error|load failed|server cannot be reached/i;

function problemText(message: string): string {
  if (browsersWords.test(message)) return 'The server cannot be reached';
  return message.replace(/\.$/, '');
}

function nextOf({ mode, lastPolledAt, startedAt, nextPollAt }: WaitingView): Pick<StatusSentence, 'next'> {
  if (nextPollAt === undefined) return {};
  const label = mode === 'stream' ? 'reconnects' : 'next poll';
  return { next: { label, from: lastPolledAt ?? startedAt, to: nextPollAt } };
}

function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

/** How the answer was made. The label already says that it is complete. */
function doneText({ iterations, toolCalls }: RunView): string {
  const calls = toolCalls.length === 0 ? '' : `, ${counted(toolCalls.length, 'tool call')}`;
  return counted(iterations.length, 'iteration') + calls;
}

function endText(view: RunView): string {
  switch (view.status) {
    case 'completed':
      return doneText(view);
    case 'cancelled':
      return view.warnings.some(({ code }) => jobMayRun.has(code))
        ? 'Stopped here. A job may still be running at the server.'
        : 'Stopped. No job is running at the server.';
    default:
      return view.error?.message ?? 'The run ended without an answer.';
  }
}

/** A run that the page drives needs the server for its next request. A run of the server does not need the page. */
function withoutContact(view: RunView, place: LoopPlace, isOffline: boolean): StatusSentence {
  const label = isOffline ? 'Offline' : 'No contact';
  const back = isOffline ? 'the page is online' : 'the server is back';
  const then =
    place === 'server' && isOffline
      ? 'The server continues the run.'
      : view.waiting === null
        ? `The next request is sent when ${back}.`
        : `The run continues when ${back}.`;
  return { tone: 'bad', label, text: then };
}

function toolsText(view: RunView): string {
  if (waitsForPage(view)) return 'A tool is running in this page';
  const running = view.toolCalls.filter((call) => call.status === 'running').length;
  const where = view.agent === 'shop' ? 'on the server' : 'in your browser';
  return running <= 1 ? `A tool is running ${where}` : `${running} tools are running ${where}`;
}

function requestSentence(view: RunView): StatusSentence {
  const { waiting, status } = view;
  const tone = runStatusTone[status];
  const label = formatRunStatus(status);
  if (waiting === null) {
    // The error of a create that the run will retry.
    const error = view.iterations.at(-1)?.attempts.at(-1)?.error;
    if (error !== undefined)
      return {
        tone: 'queued',
        label: 'Retrying',
        text: `${problemText(error.message)}. The request is sent again.`,
      };
    const sending = view.iteration === 0 ? 'Sending the question' : 'Sending the results of the tools';
    return { tone, label, text: sending };
  }
  const { error } = waiting;
  const next = nextOf(waiting);
  if (error !== undefined)
    return {
      tone: 'queued',
      label: 'Reconnecting',
      text: `${problemText(error.message)}. The job continues at the server.`,
      ...next,
    };
  const working = status === 'queued' ? "In the queue of the model's server" : 'The model is working';
  return { tone, label, text: working, ...next };
}

const cancelling = { tone: runStatusTone.cancelling, label: formatRunStatus('cancelling') };

/** Describes a run whose next step is not the model's or a person's. Undefined if there is no such step. */
function beforeViewSentence(
  view: RunView,
  { isDecided = false, isStopped = false, hasNoWorker = false }: BeforeView,
): StatusSentence | undefined {
  if (isStopped || view.status === 'cancelling') {
    const text = hasNoWorker ? 'The answer is stopped when a worker is started.' : 'Stopping the answer';
    return { ...cancelling, text };
  }
  const waitsForPerson = shownStatus(view) === 'requires_action' && !isDecided;
  if (hasNoWorker && !waitsForPerson && view.halted === undefined)
    return { tone: 'queued', label: 'No worker', text: 'The run continues when a worker is started.' };
  if (isDecided && shownStatus(view) === 'requires_action')
    return { tone: 'queued', label: 'Decided', text: 'The run continues with your decision.' };
  return undefined;
}

/** Describes the state of a run in one sentence, from the run, the contact with the server, and the page together. */
export function statusSentence(
  view: RunView,
  place: LoopPlace,
  { isOffline, isAway }: Contact,
  before: BeforeView = {},
): StatusSentence {
  const status = shownStatus(view);
  const known = { tone: runStatusTone[status], label: formatRunStatus(status) };
  if (isTerminalRun(view.status)) return { ...known, text: endText(view) };
  const hasContact = !isOffline && !isAway;
  const needsServer = place === 'server' || (status !== 'running_tools' && status !== 'requires_action');
  if (!hasContact && needsServer) return withoutContact(view, place, isOffline);
  const earlier = beforeViewSentence(view, before);
  if (earlier !== undefined) return earlier;
  if (status === 'running_tools') return { ...known, text: toolsText(view) };
  if (status === 'requires_action') return { ...known, text: 'The wait has no cost and no time limit.' };
  return requestSentence(view);
}
