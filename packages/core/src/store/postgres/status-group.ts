import { busyStatuses } from '../undriven-runs.ts';

/** The group of the statuses of runs that need a process. */
export const activeGroup = 'active';

/**
 * The group of a status, for an index. A run that needs a process changes its status with almost every save, and a save
 * that changes no index costs half as much.
 */
export function statusGroup(status: string): string {
  return busyStatuses.some((busy) => busy === status) ? activeGroup : status;
}
