import { applyEvent } from '../../../engine/view/apply-event.ts';
import type { RunEvent } from '../../../engine/view/run-event.ts';
import type { RunView } from '../../../engine/view/run-view.ts';
import { redactView } from './redact-view.ts';
import type { Redaction } from './redaction.ts';

/** Replaces an event whose content is hidden. The page sees its number and its time. */
export function emptyEvent({ seq, at }: RunEvent, view: RunView): RunEvent {
  return { type: 'run.status', status: view.status, seq, at };
}

/** Replaces a rare event that a page cannot apply without the hidden data of the view. */
export function viewEvent(event: RunEvent, view: RunView, redaction: Redaction): RunEvent {
  const { seq, at } = event;
  return { type: 'view', view: redactView(applyEvent(view, event), redaction), seq, at };
}
