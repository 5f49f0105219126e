import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ContextRequest } from '../run/driving-runner.ts';

/** The `context` function of a runner. */
export type ContextFunction = (request: ContextRequest) => unknown;

export function missingContext(runId: string, why: string): LonghaulError {
  const message = `Run ${runId} was started with a context, and is not driven without one: ${why}.`;
  return new LonghaulError('context_missing', message);
}
