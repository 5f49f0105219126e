import { SteadyTime } from '../../clock/steady-time.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { boundedStore } from '../saved/bounded-store.ts';
import type { RunnerOptions } from './runner-options.ts';

/** The ports of a runner's loops. */
export function portsOf(options: RunnerOptions): LoopPorts {
  const { client, clock = systemClock, random = Math.random, polling, limits, tools } = options;
  return {
    client,
    store: boundedStore(options.store ?? memoryStore({ clock }), clock),
    clock,
    time: new SteadyTime(clock),
    random,
    pollingFunction: typeof polling === 'function' ? polling : undefined,
    streamIdleMs: limits?.streamIdleMs ?? 60_000,
    toolTimeoutMs: tools?.timeoutMs,
  };
}
