import type { AttemptView, ErrorView, IterationView, WaitingView } from '../../../engine/view/run-view.ts';
import { opaqueId } from './opaque-ids.ts';
import { redactRunError } from './redact-error.ts';
import { remember, rememberList, type Scope } from './remember.ts';

/** The object with a name in place of its response id, and with a redacted error. */
function redactParts<Part extends { readonly responseId: string | null; readonly error?: ErrorView }>(
  part: Part,
  scope: Scope,
): Part {
  const { responseId, error } = part;
  if (responseId === null && error === undefined) return part;
  return {
    ...part,
    responseId: responseId === null ? null : opaqueId(responseId, scope.runId),
    ...(error === undefined ? {} : { error: redactRunError(error, scope) }),
  };
}

export const redactAttempts: (attempts: readonly AttemptView[], scope: Scope) => readonly AttemptView[] =
  rememberList(remember(redactParts<AttemptView>));

export const redactIterations: (
  iterations: readonly IterationView[],
  scope: Scope,
) => readonly IterationView[] = rememberList(
  remember((iteration, scope) => {
    const shown = redactParts(iteration, scope);
    const attempts = redactAttempts(iteration.attempts, scope);
    return attempts === iteration.attempts ? shown : { ...shown, attempts };
  }),
);

export const redactWaiting: (waiting: WaitingView, scope: Scope) => WaitingView = remember(
  redactParts<WaitingView>,
);
