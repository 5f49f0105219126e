import { defined } from '../../wire/defined.ts';
import type { RunState } from '../run-state.ts';
import type { RunView } from './run-view.ts';

/** The fields of the view that describe the run itself. Only the owner can change. */
export type ThreadFields = Pick<
  RunView,
  'runId' | 'agent' | 'owner' | 'threadId' | 'continues' | 'title' | 'metadata' | 'untrusted'
>;

/** The fields of the view that are known before the code of the loop is loaded. */
export function threadFields(state: RunState): ThreadFields {
  const { runId, agent, owner, threadId = runId, continues, title, metadata, untrusted } = state;
  return { runId, agent, threadId, metadata, ...defined({ owner, continues, title, untrusted }) };
}
