import { mustBeClock } from '../clock/must-be-clock.ts';
import { isObject, mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { checkFault } from './faults/check-fault.ts';

const owner = 'createEmulator';

/** @throws ConfigurationError for an unknown option, an invalid value of one, or an invalid fault */
export function checkOptions(options: EmulatorOptions): void {
  mustBeOptions(options, owner, {
    script: 'any',
    clock: 'any',
    faults: 'any',
    queuedMs: 'amount',
    runMs: 'amount',
    seed: 'any',
    apiKey: 'string',
    models: 'any',
    storeDefault: 'boolean',
    backgroundUnstored: ['reject', 'ephemeral', 'stored'],
    zeroDataRetention: 'boolean',
    retentionMs: 'amount',
    streamWindowMs: 'amount',
    cancelStream: ['failed-event', 'cancelled-event', 'eof', 'runs-on'],
    streamOfPolled: ['reject', 'serve', 'block'],
    chainToRunning: ['not-found', 'conflict'],
    deleteInFlight: ['reject', 'accept'],
    idempotencyKeys: 'boolean',
    rateLimitHeaders: ['foreground', 'creates', 'none'],
    pollAfterMs: 'amount',
    webhooks: 'any',
    keepRequests: 'amount',
  });
  const { script, clock, faults = [], models = {}, webhooks = {}, seed = 1 } = options;
  mustBe(Array.isArray(script) || typeof script === 'function', owner, 'script', 'an array or a function');
  mustBeClock(clock, owner);
  mustBe(Number.isFinite(seed), owner, 'seed', 'a finite number');
  mustBe(isObject(models), owner, 'models', 'an object: names of models, and the names that they resolve to');
  mustBe(isObject(webhooks), owner, 'webhooks', 'an object');
  mustBe(Array.isArray(faults), owner, 'faults', 'an array of faults');
  for (const [at, fault] of faults.entries()) checkFault(fault, owner, `faults[${at}]`);
}
