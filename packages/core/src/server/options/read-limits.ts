import { mustBeOptions } from '../../errors/must-be.ts';
import { checkLimit, checkNumber } from './check-number.ts';
import type { ProxyLimits } from './proxy-options.ts';
import { proxyOwner } from './wrong-option.ts';

const day = 24 * 3_600_000;

const defaultLimits: Required<ProxyLimits> = {
  requestsPerMinute: 300,
  concurrentResponses: 16,
  concurrentMs: 3_600_000,
  bodyTimeoutMs: 10_000,
  upstreamTimeoutMs: 60_000,
  createTimeoutMs: 1_800_000,
  foregroundTimeoutMs: 1_800_000,
  responseIdMs: 30 * day,
  idempotencyMs: day,
};

/** Limits that `Infinity` switches off. The others bound what the proxy stores or keeps open. */
const canBeOff: ReadonlySet<string> = new Set(['requestsPerMinute', 'concurrentResponses', 'responseIdMs']);

export function readLimits(limits: ProxyLimits): Required<ProxyLimits> {
  const known = Object.keys(defaultLimits).map((name) => [name, 'any'] as const);
  mustBeOptions<object>(limits, proxyOwner, Object.fromEntries(known), 'limits');
  for (const [name, value] of Object.entries(limits)) {
    const option = `limits.${name}`;
    if (canBeOff.has(name)) checkLimit(proxyOwner, option, value);
    else checkNumber(proxyOwner, option, value);
  }
  return { ...defaultLimits, ...limits };
}
