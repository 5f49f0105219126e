import { formatCount, formatDuration } from '../../ui/format.ts';
import type { TimelineBar } from './timeline-row.ts';

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
      details: [['Average interval', formatDuration(every)], ...first.details],
    },
  ];
}

/**
 * Combines polls that are too close to distinguish into one bar. A run of hours has thousands of polls, and each would be
 * an element of the page. Failed polls keep their own bars.
 *
 * @param bars The bars of one row, oldest first
 * @param closeMs Polls with less time between them are combined
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
      // The combined bar includes the waits between its polls.
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
