import { hasMethods, mustBe } from '../errors/must-be.ts';

/** @throws ConfigurationError unless the option is a clock or undefined */
export function mustBeClock(clock: unknown, owner: string): void {
  mustBe(
    clock === undefined || hasMethods(clock, ['now', 'sleep']),
    owner,
    'clock',
    'a Clock: now and sleep',
  );
}
