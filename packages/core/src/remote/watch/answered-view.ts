import { emptyView } from '../../engine/view/empty-view.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Answer } from './server-access.ts';

/** A view of a run, with the number of the last event that it contains. */
export interface NumberedView {
  readonly view: RunView;
  readonly seq: number;
}

function isView(view: JsonObject): view is JsonObject & RunView {
  return typeof view['runId'] === 'string' && typeof view['status'] === 'string';
}

/** The view in an answer. Undefined if the answer has none. */
export function viewOfAnswer(answer: Answer | undefined): NumberedView | undefined {
  const { view, seq } = answer?.body ?? {};
  return isJsonObject(view) && isView(view) && typeof seq === 'number'
    ? { view: wholeView(view), seq }
    : undefined;
}

/** A server of an older version sends a view without the fields that this version has added. */
export function wholeView(view: RunView): RunView {
  const known: Partial<RunView> = view;
  return { ...emptyView, ...view, threadId: known.threadId ?? view.runId };
}

export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
