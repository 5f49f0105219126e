import type { RunState, Streamed } from './run-state.ts';

/** A stream that has brought nothing. */
export const nothingStreamed: Streamed = Object.freeze({
  doneItems: [],
  openItems: [],
  gap: false,
  begun: false,
});

/**
 * The state as it is saved: without what a stream has brought, which may be large and which another process reads
 * again from the stream's beginning. If it cannot, all of it is missing.
 */
export function savedState(state: RunState): RunState {
  const { phase } = state;
  if (phase.type === 'creating') return { ...state, phase: { ...phase, early: [] } };
  if (phase.type !== 'waiting') return state;
  return { ...state, phase: { ...phase, ...nothingStreamed, gap: phase.gap || phase.mode === 'stream' } };
}

/** Where the run's time line stood at its last save. */
export function savedTime({ updatedAt, clock }: RunState): number {
  return updatedAt - clock.skewMs;
}
