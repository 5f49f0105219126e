import { useQuery } from '@tanstack/react-query';
import { useServerIsAway } from '../runner/server-contact.ts';
import { workerListOptions, type WorkerList } from './worker-list.ts';

/** The workers as the page knows them. */
export interface KnownWorkers {
  /** Undefined until it is loaded. */
  readonly list: WorkerList | undefined;
  /** The number of workers that run. */
  readonly runningCount: number;
  /** Whether the list may be out of date: the server does not respond, or cannot read it. */
  readonly isStale: boolean;
}

/** @param options `isWanted: false` only reads the list that another component loads */
export function useWorkerList({ isWanted = true }: { readonly isWanted?: boolean } = {}): KnownWorkers {
  const { data: list, isError } = useQuery({ ...workerListOptions, enabled: isWanted });
  const isAway = useServerIsAway();
  const runningCount = list?.workers.filter(({ isRunning }) => isRunning).length ?? 0;
  return { list, runningCount, isStale: isAway || isError };
}
