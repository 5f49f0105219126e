import { noUsage } from '../../wire/usage.ts';
import type { RunView } from './run-view.ts';

/** The view before the first event. */
export const emptyView: RunView = Object.freeze({
  runId: '',
  agent: '',
  threadId: '',
  metadata: Object.freeze({}),
  status: 'queued',
  input: '',
  steered: [],
  text: '',
  commentary: '',
  agentTexts: Object.freeze({}),
  iteration: 0,
  items: [],
  iterations: [],
  toolCalls: [],
  waiting: null,
  driver: 'none',
  usage: noUsage,
  warnings: [],
  createdAt: 0,
  updatedAt: 0,
});
