import type { RunEvent } from '../../../engine/view/run-event.ts';
import type { RunView } from '../../../engine/view/run-view.ts';
import { opaqueId } from './opaque-ids.ts';
import { redactAttempts, redactWaiting } from './redact-attempts.ts';
import { redactCallEvent } from './redact-call-event.ts';
import { redactRunError, warningText } from './redact-error.ts';
import { redactDelta, redactItemEvent, redactReplacedItems } from './redact-item-event.ts';
import { redactInput } from './redact-item.ts';
import { redactView } from './redact-view.ts';
import type { Redaction } from './redaction.ts';
import { viewEvent } from './replacement-events.ts';
import { withShownMetadata } from './shown-metadata.ts';

/**
 * An event of a run as a page may see it. A page that applies the redacted events to a redacted view gets the redacted
 * view: `redactView(applyEvent(view, event))` equals `applyEvent(redactView(view), redactEvent(event, view))`.
 *
 * Each event has exactly one redacted event with the same number and time. An event whose content is hidden becomes
 * a `run.status` with the current status. A rare event whose result cannot be described without hidden data becomes a `view`.
 *
 * @param view The view before the event, not redacted
 */
export function redactEvent(event: RunEvent, view: RunView, redaction: Redaction): RunEvent {
  const { runId } = view;
  const scope = { redaction, runId };
  switch (event.type) {
    case 'text.delta':
    case 'item.delta':
      return redactDelta(event, view, scope);
    case 'item.progress':
    // The result of an image generation is shown, too.
    case 'item.image':
    case 'decision.made':
    case 'tool.leased':
    case 'run.driver':
    case 'run.owner':
    case 'run.resumed':
    case 'run.status':
    case 'input.sent':
      return event;
    case 'run.started': {
      // Input that was added before the start has been redacted without the id of the run.
      if (view.steered.length > 0 && event.runId !== runId) return viewEvent(event, view, redaction);
      const input = redactInput(event.input, { redaction, runId: event.runId });
      return { ...withShownMetadata(event), input };
    }
    case 'input.steered': {
      const input = redactInput(event.input, scope);
      return input === event.input ? event : { ...event, input };
    }
    case 'run.cancelling': {
      const { reason: _reason, ...shown } = event;
      return redaction.showErrors ? event : shown;
    }
    case 'iteration.started': {
      const { request: _request, ...shown } = event;
      return redaction.showRequests ? event : shown;
    }
    case 'attempt.failed': {
      const attempts = redactAttempts(event.attempts, scope);
      return { ...event, attempts, error: redactRunError(event.error, scope) };
    }
    case 'response.status':
    case 'poll':
    case 'stream.connected':
    case 'stream.dropped': {
      const attempts = redactAttempts(event.attempts, scope);
      const shown = { ...event, attempts, waiting: redactWaiting(event.waiting, scope) };
      return shown.type === 'response.status'
        ? { ...shown, responseId: opaqueId(shown.responseId, runId) }
        : shown;
    }
    case 'item.added':
    case 'item.done':
      return redactItemEvent(event, scope);
    case 'items.replaced':
      return redactReplacedItems(event, view, scope);
    case 'tool.started':
    case 'tool.progress':
    case 'tool.settled':
    case 'decision.needed':
      return redactCallEvent(event, view, scope);
    case 'iteration.completed': {
      const { responseId, error } = event;
      return {
        ...event,
        responseId: responseId === null ? null : opaqueId(responseId, runId),
        attempts: redactAttempts(event.attempts, scope),
        ...(error === undefined ? {} : { error: redactRunError(error, scope) }),
      };
    }
    case 'warning':
      return { ...event, message: warningText(event.code, event.message, scope) };
    case 'run.ended':
      return event.error === undefined ? event : { ...event, error: redactRunError(event.error, scope) };
    case 'view':
      return { ...event, view: redactView(event.view, redaction) };
  }
}
