import type { Decision } from '../../engine/decision.ts';
import { areDecided } from '../../engine/repeated-decision.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { recordDecision } from './record-decision.ts';

/**
 * Whether exactly these decisions were made for calls of this iteration.
 *
 * @throws DecisionError for an invalid decision
 */
export function isRepeated(
  state: RunState,
  items: readonly StoredItem[],
  decisions: readonly Decision[],
  iteration: number,
): boolean {
  return areDecided(state, items, decisions.map(recordDecision), iteration);
}
