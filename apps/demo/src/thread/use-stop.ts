import { useState } from 'react';
import type { DemoThread } from './demo-thread.ts';

/** The button that stops the last turn. */
export interface Stop {
  /** Whether this tab has cancelled the last run, and the run has not ended yet. A run of workers waits for one. */
  readonly isStopped: boolean;
  /** Undefined if there is nothing to stop. */
  readonly stop: (() => void) | undefined;
}

/** @param failed Called with the error of the cancel */
export function useStop({ turns, isActive, stop }: DemoThread, failed: (error: unknown) => void): Stop {
  const [stopped, setStopped] = useState<string>();
  const last = turns.at(-1)?.runId;
  const isStopped = isActive && last !== undefined && stopped === last;
  if (!isActive || last === undefined) return { isStopped, stop: undefined };
  return {
    isStopped,
    stop: () => {
      if (isStopped) return;
      setStopped(last);
      stop().catch((error: unknown) => {
        setStopped(undefined);
        failed(error);
      });
    },
  };
}
