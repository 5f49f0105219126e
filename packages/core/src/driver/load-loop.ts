import { backOff } from '../engine/policy/retry-delay.ts';
import { thrownText } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type * as loopCode from './loop-code.ts';
import type { LoopPorts } from './loop-setup.ts';

export type LoopCode = typeof loopCode;

/** The time for which loading is retried, in milliseconds. */
const patienceMs = 60_000;

let loaded: LoopCode | undefined;
let load: () => Promise<LoopCode> = () => import('./loop-code.ts');

/** The code of the loop, if it is loaded. */
export function loadedLoop(): LoopCode | undefined {
  return loaded;
}

/** Provides the code of the loop, so that it does not have to be loaded, or the function that will load it. */
export function provideLoop(code: LoopCode | (() => Promise<LoopCode>)): void {
  if (typeof code === 'function') load = code;
  loaded = typeof code === 'function' ? undefined : code;
}

export async function importLoop(): Promise<LoopCode> {
  loaded ??= await load();
  return loaded;
}

/**
 * Loads the code of the loop, and retries for a minute.
 *
 * @throws LonghaulError `not_loaded`
 */
export async function loadLoop(
  { clock, random, time }: Pick<LoopPorts, 'clock' | 'random' | 'time'>,
  givenUp?: AbortSignal,
): Promise<LoopCode> {
  const since = time.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await importLoop();
    } catch (cause) {
      if (time.now() - since >= patienceMs || givenUp?.aborted === true) {
        const message = `The code that drives runs could not be loaded: ${thrownText(cause)} Nothing was sent. Try again; if it fails again, reload the page.`;
        throw new LonghaulError('not_loaded', message, { cause });
      }
    }
    await clock.sleep(backOff(tries, random(), 500, 10_000), givenUp);
  }
}
