import type { RunView, SteeredInput } from '../engine/view/run-view.ts';

/** The steered input that no create contains. */
export function unsentOf({ steered }: RunView): readonly SteeredInput[] {
  return steered.filter(({ sentIn }) => sentIn === undefined);
}
