import type { DrivingRunner, NoContext } from '../../run/driving-runner.ts';
import { LocalRunner } from './local-runner.ts';
import { checkRunnerOptions, type RunnerOptions } from './runner-options.ts';

/**
 * Creates a runner, whose loops run in this process.
 *
 * @throws ConfigurationError for invalid options. The message names the option.
 * @example
 * const runner = createRunner({ client: new OpenAI() });
 * const { text } = await runner.start(agent, 'Should I take an umbrella to Paris?').result();
 */
export function createRunner<Context = NoContext>(options: RunnerOptions<Context>): DrivingRunner<Context> {
  checkRunnerOptions(options);
  return new LocalRunner(options);
}
