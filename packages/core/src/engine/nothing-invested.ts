import type { RunState } from './run-state.ts';

/** Whether no create of this run has been answered with a response: then nothing is lost where the run ends. */
export function hasNothingInvested({ iteration, attempts }: RunState): boolean {
  return iteration === 0 && attempts.every(({ responseId }) => responseId === null);
}
