import { mustBeClock } from '../clock/must-be-clock.ts';
import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { checkFault } from './faults/check-fault.ts';

/** @throws ConfigurationError for an unknown option, an unknown value of one, or an invalid fault */
export function checkOptions(options: EmulatorOptions): void {
  const owner = 'createEmulator';
  mustBeOptions(options, owner, {
    script: 'any',
    clock: 'any',
    faults: 'any',
    queuedMs: 'any',
    runMs: 'any',
    seed: 'any',
    apiKey: 'string',
    models: 'any',
    storeDefault: 'boolean',
    backgroundUnstored: ['reject', 'ephemeral', 'stored'],
    zeroDataRetention: 'boolean',
    retentionMs: 'any',
    streamWindowMs: 'any',
    cancelStream: ['failed-event', 'cancelled-event', 'eof', 'runs-on'],
    streamOfPolled: ['reject', 'serve', 'block'],
    chainToRunning: ['not-found', 'conflict'],
    deleteInFlight: ['reject', 'accept'],
    idempotencyKeys: 'boolean',
    rateLimitHeaders: ['foreground', 'creates', 'none'],
    pollAfterMs: 'any',
    webhooks: 'any',
    keepRequests: 'any',
  });
  const { script, clock, faults = [] } = options;
  mustBe(Array.isArray(script) || typeof script === 'function', owner, 'script', 'an array or a function');
  mustBeClock(clock, owner);
  mustBe(Array.isArray(faults), owner, 'faults', 'an array of faults');
  for (const [at, fault] of faults.entries()) checkFault(fault, owner, `faults[${at}]`);
}
