import { isTerminalRun } from '@longhaul/core';
import { expect, test } from 'vitest';
import { executed } from './scripted-run.ts';
import { runProcesses } from './many-processes.ts';
import { deep, seed } from './seeded.ts';

const rushes = deep ? 3_000 : 30;

test(`a run that several processes use at the same time has the same end in all of them (from seed ${seed})`, async () => {
  const ends: Record<string, number> = {};
  for (let at = seed; at < seed + rushes; at += 1) {
    const { story, stored, executions, emulator, cancelled, runs, strange } = await runProcesses(at);
    expect(strange, story).toEqual([]);
    if (stored === undefined) {
      // The process died before the first save, so it sent no request.
      expect(emulator.requests, story).toEqual([]);
      continue;
    }
    const { status, phase } = stored.head;
    ends[status] = (ends[status] ?? 0) + 1;
    expect(isTerminalRun(status), `${status}\n${story}`).toBe(true);
    if (!cancelled) expect(status, story).not.toBe('cancelled');
    // No other failure in this test is final.
    if (status === 'failed') expect(JSON.stringify(phase), story).toContain('unknown_create');
    // I6: `reserve` and `book`, which are not idempotent, are executed at most once. Each duplicate response has a warning.
    const { reserve = 0, book = 0 } = executed(executions);
    expect(
      [reserve, book].every((times) => times <= 1),
      story,
    ).toBe(true);
    const unknown = stored.items.filter((item) => item.type === 'warning' && item.code === 'unknown_create');
    expect(emulator.generations, story).toBeLessThanOrEqual(3 + unknown.length);
    for (const { view } of runs) {
      // A detached process may not have seen the end. If its view has an end, it is the stored one.
      expect(view.driver, story).toBe('none');
      if (isTerminalRun(view.status)) expect(view.status, story).toBe(status);
    }
  }
  expect(ends['completed'], JSON.stringify(ends)).toBeGreaterThan(rushes / 4);
});
