import { LonghaulError } from '../../errors/longhaul-error.ts';

const transient = ['unavailable', 'context_failed'];

/** Whether driving has stopped because the store, or the runner's `context` function, was not available. */
export function isTransientStop(error: unknown): boolean {
  return LonghaulError.isInstance(error) && transient.includes(error.code);
}

/**
 * Whether a run whose driving has stopped here may be adopted. Without its context, a run is only adopted to be
 * cancelled.
 */
export function isAdoptableStop(error: unknown): boolean {
  return isTransientStop(error) || (LonghaulError.isInstance(error) && error.code === 'context_missing');
}
