import { expect, test } from 'vitest';
import { gatherPolls } from './gather-polls.ts';
import type { TimelineBar } from './timeline-row.ts';

function bar(kind: TimelineBar['kind'], from: number, to: number | undefined, isBroken = false): TimelineBar {
  return { key: `${kind}-${from}`, kind, tone: 'still', from, to, title: kind, isBroken, details: [] };
}

/** One poll every ten seconds, which takes one second, and the wait after it. */
function pollsOver(ms: number): TimelineBar[] {
  return Array.from({ length: ms / 10_000 }, (_, index) => [
    bar('poll', index * 10_000, index * 10_000 + 1_000),
    bar('wait', index * 10_000 + 1_000, index * 10_000 + 10_000),
  ]).flat();
}

test('polls with enough time between them keep their own bars, as do the waits', () => {
  const bars = pollsOver(60_000);
  expect(gatherPolls(bars, 5_000)).toEqual(bars);
});

test('the polls of hours become one bar, and only the current wait remains', () => {
  const bars = pollsOver(3 * 3_600_000);
  const [all, wait, ...others] = gatherPolls(bars, 60_000);
  expect(all).toMatchObject({ from: 0, to: 10_791_000, title: '1,080 polls', key: 'poll-0' });
  expect(all?.details).toEqual([['Average interval', '10.0 s']]);
  expect(wait).toEqual(bars.at(-1));
  expect(others).toEqual([]);
});

test('a failed poll and a pending poll keep their own bars', () => {
  const bars = [
    bar('poll', 0, 10),
    bar('poll', 100, 110),
    bar('poll', 200, 210, true),
    bar('poll', 300, 310),
    bar('request', 320, 330),
    bar('poll', 400, undefined),
  ];
  expect(gatherPolls(bars, 1_000).map(({ title, from }) => [title, from])).toEqual([
    ['2 polls', 0],
    ['poll', 200],
    ['poll', 300],
    ['request', 320],
    ['poll', 400],
  ]);
});
