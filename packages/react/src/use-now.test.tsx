import { act, cleanup, renderHook } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runView } from '../test-support/hand-driven-runner.ts';
import { useCountdown } from './use-countdown.ts';
import { useElapsed } from './use-elapsed.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Advances in steps, because `act` renders once: the test must see a tick for each second. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 100) act(() => void vi.advanceTimersByTime(100));
}

describe('useElapsed', () => {
  test('ticks at each whole second of the run', () => {
    const shown: (number | undefined)[] = [];
    renderHook(() => shown.push(useElapsed(runView({ createdAt: 9_700, updatedAt: 9_700 }))));
    pass(2_000);
    expect(shown).toEqual([0, 300, 1_000, 2_000]);
  });

  test('is the duration of a run that has ended, without a timer', () => {
    const { result } = renderHook(() =>
      useElapsed(runView({ status: 'failed', createdAt: 1_000, updatedAt: 8_500 })),
    );
    expect(result.current).toBe(7_500);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is undefined without a run', () => {
    expect(renderHook(() => useElapsed(undefined)).result.current).toBeUndefined();
  });

  test('uses the given clock, and does not restart for a new inline function', () => {
    let now = 1_000;
    const { result } = renderHook(() =>
      useElapsed(runView({ createdAt: 1_000 }), { now: () => now, intervalMs: 500 }),
    );
    now = 4_000;
    pass(500);
    expect(result.current).toBe(3_000);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('is the time until the last change on a server', () => {
    const view = runView({ createdAt: 9_000, updatedAt: 9_400 });
    const Elapsed = (): number | undefined => useElapsed(view);
    expect(renderToString(<Elapsed />)).toBe('400');
  });
});

describe('useCountdown', () => {
  test('counts down in whole steps, and stops at 0', () => {
    const shown: (number | undefined)[] = [];
    renderHook(() => shown.push(useCountdown(12_500)));
    pass(10_000);
    expect(shown).toEqual([undefined, 2_500, 2_000, 1_000, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts down to a new time, and is undefined without one', () => {
    const { result, rerender } = renderHook((until: number | undefined) => useCountdown(until), {
      initialProps: 11_000,
    });
    pass(1_000);
    expect(result.current).toBe(0);
    rerender(13_000);
    expect(result.current).toBe(2_000);
    rerender(undefined);
    expect(result.current).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
