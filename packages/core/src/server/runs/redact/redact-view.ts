import type { RunView } from '../../../engine/view/run-view.ts';
import { redactIterations, redactWaiting } from './redact-attempts.ts';
import { redactCalls } from './redact-call.ts';
import { redactRunError, redactWarnings } from './redact-error.ts';
import { redactInput, redactItems, redactSteered } from './redact-item.ts';
import type { Redaction } from './redaction.ts';
import { remember } from './remember.ts';
import { withShownMetadata } from './shown-metadata.ts';

const redactWhole: (view: RunView, scope: { redaction: Redaction; runId: string }) => RunView = remember(
  (view, scope) => {
    const { input, steered, items, iterations, toolCalls, waiting, warnings, error } = view;
    return {
      ...withShownMetadata(view),
      input: redactInput(input, scope),
      steered: redactSteered(steered, scope),
      items: redactItems(items, scope),
      iterations: redactIterations(iterations, scope),
      toolCalls: redactCalls(toolCalls, scope),
      waiting: waiting && redactWaiting(waiting, scope),
      warnings: redactWarnings(warnings, scope),
      ...(error === undefined ? {} : { error: redactRunError(error, scope) }),
    };
  },
);

/**
 * The view of a run as a page may see it. Parts that did not change since an earlier call with the same redaction are
 * the same objects again.
 *
 * A page does not see requests, definitions of tools, the server's metadata and response ids. Response ids become names that are stable
 * within the run. A page sees the name and the status of calls of private tools, and the type, id and status of items
 * of unknown types.
 */
export function redactView(view: RunView, redaction: Redaction): RunView {
  return redactWhole(view, { redaction, runId: view.runId });
}
