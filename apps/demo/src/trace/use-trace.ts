import { useSyncExternalStore } from 'react';
import { recorder } from './page-recorder.ts';
import type { Trace } from './trace-entry.ts';

/** Returns a run's requests and events, live. */
export function useTrace(runId: string): Trace {
  return useSyncExternalStore(recorder.subscribe, () => recorder.read(runId));
}
