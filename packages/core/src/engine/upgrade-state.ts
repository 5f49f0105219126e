import type { Phase, RunState } from './run-state.ts';
import { stateVersion } from './run-state.ts';
import { nothingStreamed } from './saved-state.ts';

/** What version 2 added to a phase. */
function upgradePhase(phase: Phase): Phase {
  switch (phase.type) {
    case 'creating':
      return {
        ...phase,
        sentAt: null,
        giveUpAt: null,
        heard: false,
        refusal: null,
        early: [],
        unprepared: phase.stage === 'preparing',
      };
    case 'waiting':
      return { ...phase, unsigned: 0, foreignSince: null, chained: false, ...nothingStreamed };
    case 'starting':
    case 'tools':
    case 'finishing':
    case 'cancelling':
    case 'done':
      return phase;
  }
}

/** A saved state in the shape of this version: version 1 had wall time alone, and no record of creates in a row. */
export function upgradeState<State extends RunState>(state: State): State {
  if (state.version !== 1) return state;
  return {
    ...state,
    version: stateVersion,
    clock: { startedAt: state.createdAt, skewMs: 0, gapMs: 0 },
    trouble: null,
    otherPreviousId: null,
    heldBackUntil: null,
    queueWindowMs: null,
    phase: upgradePhase(state.phase),
  };
}
