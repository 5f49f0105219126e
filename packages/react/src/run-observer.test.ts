import { focusManager } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRun, runView } from '../test-support/hand-driven-runner.ts';
import { RunObserver } from './run-observer.ts';

function observe(throttleMs?: number): {
  run: HandDrivenRun;
  observer: RunObserver;
  texts: string[];
  stop(): void;
} {
  const run = new HandDrivenRun(runView({ status: 'in_progress' }));
  const observer = new RunObserver(run, throttleMs);
  const texts: string[] = [];
  const stop = observer.subscribe(() => texts.push(observer.getSnapshot().text));
  return { run, observer, texts, stop };
}

describe('RunObserver', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('publishes the first delta immediately, and the deltas within the throttle together', () => {
    const { run, texts } = observe();
    run.stream('a');
    run.stream('b');
    run.stream('c');
    expect(texts).toEqual(['a']);
    vi.advanceTimersByTime(50);
    expect(texts).toEqual(['a', 'abc']);
  });

  test('publishes the first delta immediately even after a recent change of status', () => {
    const run = new HandDrivenRun(runView());
    const observer = new RunObserver(run);
    const seen: string[] = [];
    observer.subscribe(() => seen.push(`${observer.getSnapshot().status} ${observer.getSnapshot().text}`));
    run.update({ status: 'in_progress' });
    run.stream('a');
    expect(seen).toEqual(['in_progress ', 'in_progress a']);
  });

  test('publishes every change of status immediately, with the throttled text', () => {
    const { run, observer, texts } = observe();
    run.stream('a');
    run.stream('b');
    run.update({ status: 'completed' });
    expect(texts).toEqual(['a', 'ab']);
    expect(observer.getSnapshot()).toBe(run.view);
    vi.advanceTimersByTime(1_000);
    expect(texts).toHaveLength(2);
  });

  test('publishes the first delta of the next iteration immediately', () => {
    const { run, texts } = observe();
    run.stream('a');
    run.update({ text: '', iteration: 1 });
    vi.advanceTimersByTime(50);
    run.stream('b');
    expect(texts).toEqual(['a', '', 'b']);
  });

  test('publishes a delta after a pause immediately', () => {
    const { run, texts } = observe();
    run.stream('a');
    vi.advanceTimersByTime(60);
    run.stream('b');
    expect(texts).toEqual(['a', 'ab']);
  });

  test('publishes at most once in throttleMs', () => {
    const { run, texts } = observe(200);
    for (let ms = 0; ms < 1_000; ms += 1) {
      run.stream('.');
      vi.advanceTimersByTime(1);
    }
    expect(texts).toHaveLength(6);
    expect(texts.at(-1)).toHaveLength(1_000);
  });

  test('publishes a delta after throttleMs even if the timer is late', () => {
    const { run, texts } = observe();
    run.stream('a');
    run.stream('b');
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60);
    run.stream('c');
    expect(texts).toEqual(['a', 'abc']);
    expect(vi.getTimerCount()).toBe(0);
    vi.restoreAllMocks();
  });

  test('returns the same snapshot until it publishes the next one', () => {
    const { run, observer } = observe();
    run.stream('a');
    const snapshot = observer.getSnapshot();
    run.stream('b');
    expect(observer.getSnapshot()).toBe(snapshot);
    vi.advanceTimersByTime(50);
    expect(observer.getSnapshot()).toBe(run.view);
  });

  test('returns the current view while it has no listeners', () => {
    const { run, observer, stop } = observe();
    stop();
    run.stream('a');
    expect(observer.getSnapshot()).toBe(run.view);
    expect(run.listeners).toBe(0);
  });

  test('clears its timer when the last listener unsubscribes', () => {
    const { run, stop, texts } = observe();
    run.stream('a');
    run.stream('b');
    run.stream('c');
    expect(vi.getTimerCount()).toBe(1);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(texts).toEqual(['a']);
  });

  test('publishes the current view immediately when a hidden tab becomes visible', () => {
    const { run, texts } = observe();
    focusManager.setFocused(false);
    run.stream('a');
    run.stream('b');
    expect(texts).toEqual(['a']);
    focusManager.setFocused(true);
    expect(texts).toEqual(['a', 'ab']);
    focusManager.setFocused(undefined);
  });
});
