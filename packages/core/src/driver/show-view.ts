import type { StoredItem } from '../engine/stored-item.ts';
import { emptyView } from '../engine/view/empty-view.ts';
import { threadFields } from '../engine/view/thread-fields.ts';
import type { RunDriver, RunView } from '../engine/view/run-view.ts';
import type { ShownState } from '../engine/view/view-of.ts';
import { loadedLoop } from './load-loop.ts';

/** Creates the view of a run from its state and its items. */
export type ShowView = (state: ShownState, items: readonly StoredItem[], driver: RunDriver) => RunView;

/**
 * The view of a saved run, or of a new run. Only a new run, which has no items, is shown before the code of the loop is
 * loaded: that code also reads saved runs.
 */
export function showView(state: ShownState, items: readonly StoredItem[], driver: RunDriver): RunView {
  const code = loadedLoop();
  return code === undefined ? showHead(state, items, driver) : code.viewOf(state, items, driver);
}

/** The view of a run without its items, for a process that shows it to no page. */
export function showHead(state: ShownState, _items: readonly StoredItem[], driver: RunDriver): RunView {
  const { status, phase, usage, createdAt, updatedAt } = state;
  const input = phase.type === 'starting' ? phase.input : '';
  return { ...emptyView, ...threadFields(state), status, input, usage, driver, createdAt, updatedAt };
}
