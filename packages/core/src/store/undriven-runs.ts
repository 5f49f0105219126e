import type { RunStatus, TerminalRunStatus } from '../engine/view/run-view.ts';

/** The status of a run that only waits for a person. */
export const waitingStatus = 'requires_action';

type BusyStatus = Exclude<RunStatus, TerminalRunStatus | typeof waitingStatus>;

const busy: Readonly<Record<BusyStatus, true>> = {
  queued: true,
  in_progress: true,
  running_tools: true,
  cancelling: true,
};

function isBusy(status: string): status is BusyStatus {
  return Object.hasOwn(busy, status);
}

/** The statuses of runs that always need a process, for a store with an index of statuses. */
export const busyStatuses: readonly BusyStatus[] = Object.keys(busy).filter(isBusy);

/** The statuses of runs that have not ended. */
export const openStatuses: readonly RunStatus[] = [...busyStatuses, waitingStatus];

const terminal: Readonly<Record<TerminalRunStatus, true>> = {
  completed: true,
  incomplete: true,
  failed: true,
  cancelled: true,
};

/** The statuses of runs that have ended. */
export const terminalStatuses: readonly string[] = Object.keys(terminal);

/** All statuses of this version. */
export const runStatuses: readonly string[] = [...openStatuses, ...terminalStatuses];

/**
 * Whether a run needs a process, by the same rule for each store of Longhaul. A run that waits for a person needs a
 * process only to receive the messages of its inbox.
 */
export function needsProcess(status: RunStatus, hasMessages: boolean): boolean {
  return isBusy(status) || (status === waitingStatus && hasMessages);
}
