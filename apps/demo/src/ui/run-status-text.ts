import type { RunStatus, ToolCallStatus } from '@longhaul/core';

/** The colour of a state in the design. */
export type Tone = 'queued' | 'working' | 'tools' | 'person' | 'good' | 'bad' | 'still';

/** The colour of each run status. Its label comes from the package. */
export const runStatusTone: Readonly<Record<RunStatus, Tone>> = {
  queued: 'queued',
  in_progress: 'working',
  running_tools: 'tools',
  requires_action: 'person',
  cancelling: 'still',
  completed: 'good',
  incomplete: 'bad',
  failed: 'bad',
  cancelled: 'still',
};

interface StatusText {
  readonly label: string;
  readonly tone: Tone;
}

export const callStatusText: Readonly<Record<ToolCallStatus, StatusText>> = {
  pending: { label: 'Pending', tone: 'still' },
  awaiting_approval: { label: 'Needs approval', tone: 'person' },
  awaiting_output: { label: 'Needs your answer', tone: 'person' },
  running: { label: 'Running', tone: 'tools' },
  completed: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  denied: { label: 'Denied', tone: 'still' },
  timed_out: { label: 'Timed out', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'still' },
};

/** A call whose decision the server has accepted, until the view of its run shows the effect. */
export const decidedText: StatusText = { label: 'Decided', tone: 'queued' };
