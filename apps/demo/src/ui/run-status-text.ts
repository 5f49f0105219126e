import type { RunStatus, ToolCallStatus } from '@longhaul/core';

/** Which colour of the design stands for a state. */
export type Tone = 'queued' | 'working' | 'tools' | 'person' | 'good' | 'bad' | 'still';

interface StatusText {
  readonly label: string;
  readonly tone: Tone;
}

export const runStatusText: Readonly<Record<RunStatus, StatusText>> = {
  queued: { label: 'Queued', tone: 'queued' },
  in_progress: { label: 'In progress', tone: 'working' },
  running_tools: { label: 'Running tools', tone: 'tools' },
  requires_action: { label: 'Needs you', tone: 'person' },
  cancelling: { label: 'Cancelling', tone: 'still' },
  completed: { label: 'Completed', tone: 'good' },
  incomplete: { label: 'Incomplete', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'still' },
};

export const callStatusText: Readonly<Record<ToolCallStatus, StatusText>> = {
  pending: { label: 'Waiting its turn', tone: 'still' },
  awaiting_approval: { label: 'Needs approval', tone: 'person' },
  awaiting_output: { label: 'Needs an answer', tone: 'person' },
  running: { label: 'Running', tone: 'tools' },
  completed: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  denied: { label: 'Denied', tone: 'still' },
  timed_out: { label: 'Timed out', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'still' },
};
