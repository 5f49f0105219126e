import type { Continuation } from '../engine/engine-event.ts';
import { errorAsData } from './error-as-data.ts';
import type { RunRecord } from './run-record.ts';
import type { Session } from './session.ts';

/** Starts driving a new run. `continuation` is what it carries on, where that must be loaded first. */
export async function beginRun(
  session: Session,
  record: RunRecord,
  continuation: Promise<Continuation> | undefined,
): Promise<void> {
  await record.claimNew();
  // Cancelled before it began.
  if (session.over) return record.release();
  const { loop } = session;
  try {
    const carried = await continuation;
    loop.feed({ type: 'started', ...(carried === undefined ? {} : { continuation: carried }) });
  } catch (error) {
    loop.feed({ type: 'start_failed', error: errorAsData(error, 'continue_failed') }, error);
  }
}
