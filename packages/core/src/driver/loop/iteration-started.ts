import type { IterationRequest } from '../../engine/iteration-request.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { RunEventBody } from '../../engine/view/run-event.ts';
import { withoutSecrets } from '../../wire/tool-secrets.ts';

/** The event for a create that is about to be sent. Undefined for other requests. */
export function iterationStarted(
  { iteration, attempts }: RunState,
  request: IterationRequest,
): RunEventBody | undefined {
  const attempt = attempts.at(-1);
  if (request.kind !== 'create' || attempt === undefined) return undefined;
  const { strategy, mode } = attempt;
  return {
    type: 'iteration.started',
    iteration,
    attempt: attempts.length - 1,
    strategy,
    mode,
    request: withoutSecrets(request.body),
  };
}
