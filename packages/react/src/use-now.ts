import { useEffect, useState } from 'react';
import { useLatest } from './use-latest.ts';

export interface TickOptions {
  /** Milliseconds between two renders. @default 1000 */
  readonly intervalMs?: number;
  /** The clock that the runner goes by. @default Date.now */
  readonly now?: () => number;
}

/**
 * The time, at each whole `intervalMs` before and after `anchor`, so that a shown number of seconds skips none; it
 * stands still from `stopAt` on. Undefined without an anchor, and on servers and in the first render, which must agree.
 */
export function useNow(
  anchor: number | undefined,
  { intervalMs = 1_000, now = Date.now }: TickOptions,
  stopAt: number = Number.POSITIVE_INFINITY,
): number | undefined {
  const [time, setTime] = useState<number>();
  const latestNow = useLatest(now);
  useEffect(() => {
    if (anchor === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const current = latestNow.current();
      setTime(current);
      if (current >= stopAt) return;
      const sinceStep = (((current - anchor) % intervalMs) + intervalMs) % intervalMs;
      timer = setTimeout(tick, intervalMs - sinceStep);
    };
    tick();
    return () => clearTimeout(timer);
  }, [anchor, intervalMs, latestNow, stopAt]);
  return anchor === undefined ? undefined : time;
}
