import type { RunState } from './run-state.ts';

/** The maximum number of events in one epoch. Each resume begins an epoch, whose event numbers are higher. */
const eventsPerEpoch = 1_000_000_000;

/** The number before the first event of an epoch. */
export function firstSeqOf(epoch: number): number {
  return epoch * eventsPerEpoch;
}

/** The epoch in which an event was numbered. */
export function epochOf(seq: number): number {
  return Math.floor(seq / eventsPerEpoch);
}

/**
 * The number of a save: above those of all events before it. Older versions save no number, or keep that of an earlier
 * epoch. Their saves are numbered by their revisions, which stay below the numbers of the next epoch.
 */
export function lastSeqOf({ seq, epoch, revision }: Pick<RunState, 'seq' | 'epoch' | 'revision'>): number {
  return seq !== undefined && epochOf(seq) >= epoch ? seq : firstSeqOf(epoch) + revision;
}
