import { formatCount, formatDuration } from '../../ui/format.ts';
import type { TimelineBar } from './timeline-of.ts';

function together(polls: readonly TimelineBar[]): TimelineBar[] {
  const [first] = polls;
  const last = polls.at(-1);
  if (first === undefined || last === undefined || polls.length === 1) return [...polls];
  const every = (last.from - first.from) / (polls.length - 1);
  return [
    {
      ...first,
      to: last.to,
      title: `${formatCount(polls.length)} polls`,
      details: [['On average every', formatDuration(every)], ...first.details],
    },
  ];
}

/**
 * Draws polls that would stand too close to be told apart as one bar: a run of hours has thousands, and each would be
 * an element of the page. Polls that failed stay by themselves.
 *
 * @param bars Of one row, oldest first
 * @param closeMs What on this axis is too close
 */
export function gatherPolls(bars: readonly TimelineBar[], closeMs: number): TimelineBar[] {
  const gathered: TimelineBar[] = [];
  let polls: TimelineBar[] = [];
  let waits: TimelineBar[] = [];
  const flush = (): void => {
    gathered.push(...together(polls), ...waits);
    polls = [];
    waits = [];
  };
  for (const bar of bars) {
    const last = polls.at(-1);
    if (bar.kind === 'poll' && !bar.isBroken && bar.to !== undefined) {
      if (last !== undefined && bar.from - (last.to ?? last.from) >= closeMs) flush();
      // The waits between polls that are drawn as one are part of it.
      else if (last !== undefined) waits = [];
      polls.push(bar);
    } else if (bar.kind === 'wait' && last !== undefined) {
      waits.push(bar);
    } else {
      flush();
      gathered.push(bar);
    }
  }
  flush();
  return gathered;
}
