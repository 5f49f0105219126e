import { isTerminalRun } from '@longhaul/core';
import { expect, test } from 'vitest';
import { executed } from './journey.ts';
import { rushHour } from './rush-hour.ts';
import { deep, seed } from './seeded.ts';

const rushes = deep ? 3_000 : 30;

test(`whatever several processes do with a run at the same time, it ends once, and everybody agrees (from seed ${seed} on)`, async () => {
  const ends: Record<string, number> = {};
  for (let at = seed; at < seed + rushes; at += 1) {
    const { story, stored, executions, emulator, cancelled, runs, strange } = await rushHour(at);
    expect(strange, story).toEqual([]);
    if (stored === undefined) {
      // Its process died before the first save: nothing was sent.
      expect(emulator.requests, story).toEqual([]);
      continue;
    }
    const { status, phase } = stored.head;
    ends[status] = (ends[status] ?? 0) + 1;
    expect(isTerminalRun(status), `${status}\n${story}`).toBe(true);
    if (!cancelled) expect(status, story).not.toBe('cancelled');
    // Nothing else that happens here is final.
    if (status === 'failed') expect(JSON.stringify(phase), story).toContain('unknown_create');
    // I6, I8: no tool twice, nothing paid for twice that was not told of.
    const { reserve = 0, book = 0 } = executed(executions);
    expect(
      [reserve, book].every((times) => times <= 1),
      story,
    ).toBe(true);
    const unknown = stored.items.filter((item) => item.type === 'warning' && item.code === 'unknown_create');
    expect(emulator.generations, story).toBeLessThanOrEqual(3 + unknown.length);
    for (const { view } of runs) {
      // One that was detached may have missed the rest; whoever looks at the run sees it over, and nobody driving.
      expect(view.driver, story).toBe('none');
      if (isTerminalRun(view.status)) expect(view.status, story).toBe(status);
    }
  }
  expect(ends['completed'], JSON.stringify(ends)).toBeGreaterThan(rushes / 4);
});
