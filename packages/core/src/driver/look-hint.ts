import type { RunLook } from '../store/run-store.ts';
import type { StoreHint } from './store-watch.ts';

/** Where the loop is. `resting`: the run waits for a person, and no process holds the claim. */
export type Place = 'driving' | 'resting' | 'following' | 'stopped';

/** What one look at the store means for a run here: what a store that gives notices would have told; undefined for nothing. */
export function lookHint(
  place: Place,
  knownRevision: number,
  { revision, claimed, posted }: RunLook,
): StoreHint | undefined {
  const isProgress = revision !== knownRevision;
  switch (place) {
    case 'driving':
      return posted ? 'posted' : undefined;
    case 'resting':
      return posted ? 'posted' : isProgress ? 'saved' : undefined;
    case 'following':
      return claimed ? (isProgress ? 'saved' : undefined) : 'released';
    case 'stopped':
      return undefined;
  }
}
