import { inputText } from '../engine/input-text.ts';
import { isTerminalRun, type RunView } from '../engine/view/run-view.ts';
import { defined } from '../wire/defined.ts';
import type { RunSummary } from './runner.ts';

/** The summary of a run from its view, for lists that also show runs that are not saved yet. `revision` is 0. */
export function summaryOfView(view: RunView): RunSummary {
  const { runId, agent, owner, threadId, continues, title, metadata, status } = view;
  const { usage, createdAt, updatedAt, halted } = view;
  const endedAt = isTerminalRun(status) ? updatedAt : undefined;
  return {
    ...{ runId, agent, threadId, metadata, ...defined({ owner, continues, title }) },
    ...{ input: inputText(view.input) ?? '', status, revision: 0, usage },
    ...{ createdAt, updatedAt, ...defined({ endedAt, halted }) },
  };
}
