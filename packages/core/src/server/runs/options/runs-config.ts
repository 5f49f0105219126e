import type { Clock } from '../../../clock/clock.ts';
import { mustBeClock } from '../../../clock/must-be-clock.ts';
import { systemClock } from '../../../clock/system-clock.ts';
import { hasMethods, mustBe, mustBeOptions } from '../../../errors/must-be.ts';
import { memoryStorage } from '../../limits/memory-storage.ts';
import type { ProxyStorage } from '../../limits/proxy-storage.ts';
import type { ProxyCors } from '../../options/proxy-options.ts';
import { readCors } from '../../options/read-cors.ts';
import { wrongOption } from '../../options/wrong-option.ts';
import { anonymous, principalId, type Principal } from '../../principal.ts';
import { readRunsLimits, type RunsLimitsConfig } from './read-runs-limits.ts';
import type { RunsHandlerOptions, ServedRunner } from './runs-options.ts';

const handler = 'createRunsHandler';

/** The checked options, with all defaults. */
export interface RunsConfig<P extends Principal> {
  readonly runner: ServedRunner;
  readonly agents: ReadonlySet<string>;
  readonly authorize: RunsHandlerOptions<P>['authorize'];
  readonly may: NonNullable<RunsHandlerOptions<P>['may']>;
  /** Whether the visitor may read all runs that they own, because the site has no `may`. */
  readonly ownersReadAll: boolean;
  readonly input: NonNullable<RunsHandlerOptions<P>['input']>;
  readonly limits: RunsLimitsConfig;
  readonly shown: { readonly showErrors: boolean; readonly showRequests: boolean };
  readonly cors: ProxyCors | undefined;
  readonly storage: ProxyStorage;
  readonly onError: NonNullable<RunsHandlerOptions<P>['onError']>;
  readonly clock: Clock;
}

/** The methods of the runner that the handler calls. */
const runnerMethods = [
  ...['start', 'follow', 'unfollow', 'resume', 'list', 'listThreadRuns', 'listThreads', 'get', 'delete'],
  'subscribe',
];

function checkKinds<P extends Principal>(options: RunsHandlerOptions<P>): void {
  mustBeOptions(options, handler, {
    runner: 'any',
    agents: 'any',
    authorize: 'any',
    may: 'function',
    input: 'function',
    limits: 'any',
    showErrors: 'boolean',
    showRequests: 'boolean',
    cors: 'any',
    storage: 'any',
    onError: 'function',
    clock: 'any',
  });
  const { runner, storage, clock } = options;
  const isRunner = hasMethods(runner, runnerMethods) && Array.isArray(runner.agents);
  mustBe(isRunner, handler, 'runner', 'a runner of createRunner(…) or queueRunner(…)');
  const isStorage =
    storage === undefined || hasMethods(storage, ['get', 'set', 'add', 'delete', 'increment']);
  mustBe(isStorage, handler, 'storage', 'a ProxyStorage: get, set, add, delete and increment');
  mustBeClock(clock, handler);
}

/** A page executes the tools without `execute`. It would execute a private one without its arguments, which are hidden. */
function checkPageTools({ name, tools }: ServedRunner['agents'][number]): void {
  for (const [key, tool] of tools) {
    if (!tool.private || tool.executable) continue;
    const what = `the tool "${key}" of the agent "${name}" is private and has no \`execute\``;
    const why = 'A page would have to answer its calls without their arguments';
    throw wrongOption(
      handler,
      'agents',
      `is invalid: ${what}. ${why}. Give it \`execute\`, or remove \`private\`.`,
    );
  }
}

/** Checks the agents, so that a misspelt name does not first show when a visitor starts a run. */
function readAgents(agents: unknown, { agents: known }: ServedRunner): ReadonlySet<string> {
  if (!Array.isArray(agents) || agents.length === 0)
    throw wrongOption(handler, 'agents', 'is required: the names of the agents that visitors may start.');
  for (const name of agents) {
    const agent = known.find((one) => one.name === name);
    if (agent !== undefined) {
      checkPageTools(agent);
      continue;
    }
    const names = known.map((one) => `"${one.name}"`).join(', ');
    throw wrongOption(
      handler,
      'agents',
      `has to contain names of agents that the runner has. Known: ${names === '' ? 'none' : names}.`,
    );
  }
  return new Set(agents);
}

/** @throws ConfigurationError for an invalid option, before the first visitor arrives */
export function readRunsOptions<P extends Principal>(options: RunsHandlerOptions<P>): RunsConfig<P> {
  checkKinds(options);
  const { runner, authorize, clock = systemClock, showErrors = false, showRequests = false } = options;
  if (typeof authorize !== 'function')
    throw wrongOption(handler, 'authorize', 'is required. Return the id of the visitor.');
  if (Object.is(authorize, anonymous)) {
    throw wrongOption(
      handler,
      'authorize',
      'must identify the visitors. With `anonymous`, all visitors would be the owner of all runs.',
    );
  }
  return {
    runner,
    agents: readAgents(options.agents, runner),
    authorize,
    may: options.may ?? ((principal, { owner }) => owner === principalId(principal)),
    ownersReadAll: options.may === undefined,
    input: options.input ?? ((_principal, input) => input),
    limits: readRunsLimits(handler, options.limits ?? {}),
    shown: { showErrors, showRequests },
    cors: readCors(handler, options.cors),
    storage: options.storage ?? memoryStorage({ clock }),
    onError: options.onError ?? (() => undefined),
    clock,
  };
}
