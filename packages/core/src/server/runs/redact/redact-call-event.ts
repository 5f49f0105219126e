import type { RunEvent } from '../../../engine/view/run-event.ts';
import type { RunView } from '../../../engine/view/run-view.ts';
import { callKey } from '../../../engine/view/view-keys.ts';
import { copiedLists } from '../../../engine/view/view-lists.ts';
import { redactCallError } from './redact-error.ts';
import { isHiddenCall } from './redaction.ts';
import type { Scope } from './remember.ts';
import { emptyEvent } from './replacement-events.ts';

type CallEventType = 'tool.started' | 'tool.progress' | 'tool.settled' | 'decision.needed';

/** An event about a call. The view decides whether the call is hidden, because only it has the call's namespace. */
export function redactCallEvent(
  event: Extract<RunEvent, { readonly type: CallEventType }>,
  view: RunView,
  scope: Scope,
): RunEvent {
  const call = view.toolCalls[copiedLists.calls.findOnly(view.toolCalls, callKey, callKey(event))];
  // An event about an unknown call changes nothing in the view.
  const isHidden = call === undefined || isHiddenCall(call, scope.redaction);
  if (event.type === 'tool.progress') {
    if (!isHidden) return event;
    return call === undefined ? { ...event, progress: null } : emptyEvent(event, view);
  }
  if (isHidden) {
    const { arguments: _arguments, ...shown } = event;
    if (shown.type !== 'tool.settled') return shown;
    const { output: _output, error: _error, ...settled } = shown;
    return settled;
  }
  if (event.type !== 'tool.settled' || event.error === undefined) return event;
  return { ...event, error: redactCallError(event.error, scope) };
}
