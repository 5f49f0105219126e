import { serverDelay } from '../policy/retry-delay.ts';
import type { Waiting } from '../run-state.ts';

/** Records the delay that the server asked for when it refused a request. A webhook does not shorten it. */
export function withAskedDelay(phase: Waiting, time: number, askedMs: number | undefined): Waiting {
  return askedMs === undefined ? phase : { ...phase, askedUntil: time + serverDelay(askedMs) };
}
