import type { RunView, ToolCallView } from '@longhaul/core';

/** The tools of the server's agent whose calls a page executes. */
const pageToolNames: ReadonlySet<string> = new Set(['browser_settings', 'read_page', 'measure_page']);

/**
 * Whether a call of a run on the server is executed by this page, or by another page of the visitor. Until then, the
 * call waits for an output, but not for a person.
 */
export function isPageCall({ agent }: RunView, { name }: ToolCallView): boolean {
  return agent === 'shop' && pageToolNames.has(name);
}

/** Whether a run waits only for pages, and not for a person. */
export function waitsForPage(view: RunView): boolean {
  const waiting = view.toolCalls.filter(
    ({ status }) => status === 'awaiting_output' || status === 'awaiting_approval',
  );
  return (
    view.status === 'requires_action' &&
    waiting.every((call) => call.status === 'awaiting_output' && isPageCall(view, call))
  );
}

/** The status of a run for a visitor: a run that waits for a page is running tools. */
export function shownStatus(view: RunView): RunView['status'] {
  return waitsForPage(view) ? 'running_tools' : view.status;
}
