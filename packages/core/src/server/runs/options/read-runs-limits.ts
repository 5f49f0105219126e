import { mustBeOptions } from '../../../errors/must-be.ts';
import { checkLimit, checkNumber } from '../../options/check-number.ts';
import type { RunsLimits } from './runs-options.ts';

/** The checked limits, with all defaults. */
export type RunsLimitsConfig = Required<Omit<RunsLimits, 'runTokens'>> & Pick<RunsLimits, 'runTokens'>;

const defaultLimits: RunsLimitsConfig = {
  startsPerMinute: 20,
  activeRuns: 8,
  inputBytes: 6 * 2 ** 20,
  streams: 10,
  streamMs: 600_000,
  heartbeatMs: 15_000,
  ownerTokensPerDay: Number.POSITIVE_INFINITY,
};

/** Limits that `Infinity` switches off. */
const canBeOff: ReadonlySet<string> = new Set([
  'startsPerMinute',
  'activeRuns',
  'streams',
  'ownerTokensPerDay',
]);

export function readRunsLimits(owner: string, limits: RunsLimits): RunsLimitsConfig {
  mustBeOptions(
    limits,
    owner,
    {
      startsPerMinute: 'any',
      activeRuns: 'any',
      inputBytes: 'any',
      streams: 'any',
      streamMs: 'any',
      heartbeatMs: 'any',
      runTokens: 'any',
      ownerTokensPerDay: 'any',
    },
    'limits',
  );
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const option = `limits.${name}`;
    if (canBeOff.has(name)) checkLimit(owner, option, value);
    else checkNumber(owner, option, value);
  }
  return { ...defaultLimits, ...Object.fromEntries(given) };
}
