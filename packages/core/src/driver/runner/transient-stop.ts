import { LonghaulError } from '../../errors/longhaul-error.ts';

const codes = ['unavailable', 'context_failed'];

/** Whether driving has stopped because the store, or the runner's `context` function, was not available. */
export function isTransientStop(error: unknown): boolean {
  return LonghaulError.isInstance(error) && codes.includes(error.code);
}
