import { useEffect, useState } from 'react';
import { useLatest } from './use-latest.ts';

export interface TickOptions {
  /** Milliseconds between two renders. @default 1000 */
  readonly intervalMs?: number;
  /** The clock that the runner uses. @default Date.now */
  readonly now?: () => number;
}

/**
 * Returns the current time, updated at whole multiples of `intervalMs` from `anchor`, so that a counter of seconds does
 * not skip a number. The time stops at `stopAt`. Undefined without an anchor, on servers and in the first render, which
 * must be equal to the server's.
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
