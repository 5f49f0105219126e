import { busyStatuses, openStatuses, terminalStatuses } from '../undriven-runs.ts';

/** The group of runs that need a process now. */
export const activeGroup = 'active';

/**
 * The group of a run's status, for an index. A run that needs a process changes its status with almost every save, and
 * a save that changes no index costs half as much. So the group of such a run is `active`, and that of all others is
 * their status. A run of a queue needs a process until it is parked, halted or over.
 */
export function statusGroup(status: string, isQueued: boolean): string {
  const active: readonly string[] = isQueued ? openStatuses : busyStatuses;
  return active.includes(status) ? activeGroup : status;
}

/** Whether runs of the group `active` may have this status. */
export function mayBeActive(status: string): boolean {
  return statusGroup(status, true) === activeGroup;
}

/** In an UPDATE of `runs`: the run of a queue is neither parked nor halted any longer. */
export const unparked: string = `wake_at = NULL, halted_since = NULL, halted_reason = NULL, halted_version = NULL,
  status_group = CASE
  WHEN status IN (${terminalStatuses.map((status) => `'${status}'`).join(', ')}) THEN status ELSE '${activeGroup}' END`;
