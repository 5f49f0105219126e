import type { RunView, ThreadRun } from '@longhaul/core';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { WaitingInput } from './queue/queued-input.ts';
import { useThreadCode } from './thread-code.ts';

const noInputs: readonly WaitingInput[] = [];
const neverChanges = (): (() => void) => () => undefined;

export interface ThreadQueueOptions {
  readonly threadId: string | undefined;
  /** The runs of the thread that are saved. */
  readonly saved: readonly ThreadRun[];
  /** All runs of the thread. Undefined until they are known. */
  readonly runs: readonly ThreadRun[] | undefined;
  /** The newest run of the last turn. */
  readonly leaf: RunView | undefined;
}

/** The queue of a thread. The code that reads it loads after the page has rendered. The queue is empty until then. */
export function useThreadQueue({ threadId, saved, runs, leaf }: ThreadQueueOptions): readonly WaitingInput[] {
  const code = useThreadCode();
  const queued = useSyncExternalStore(
    code?.subscribeQueues ?? neverChanges,
    () => (threadId === undefined ? undefined : code?.readQueue(threadId)),
    () => undefined,
  );
  useEffect(() => {
    if (threadId !== undefined)
      code?.removeSent(
        threadId,
        saved.map(({ runId }) => runId),
      );
  }, [code, threadId, saved]);
  return useMemo(() => {
    if (code === undefined || queued === undefined || runs === undefined) return noInputs;
    return code.queueOf(queued, leaf, runs);
  }, [code, queued, leaf, runs]);
}
