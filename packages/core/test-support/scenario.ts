import * as z from 'zod';
import type { AgentTool } from '../src/agent/collect-tools.ts';
import { defineAgent, type Agent, type AgentOptions } from '../src/agent/define-agent.ts';
import { tool } from '../src/agent/tool.ts';
import { fetchClient } from '../src/client/fetch-client.ts';
import { createRunner } from '../src/driver/runner/create-runner.ts';
import type { RunnerOptions } from '../src/driver/runner/runner-options.ts';
import type { RunEvent } from '../src/engine/view/run-event.ts';
import type { DrivenRun, DrivingRunner, DrivingStartOptions } from '../src/run/driving-runner.ts';
import type { RunInput } from '../src/run/run-input.ts';
import type { SchemaSource } from '../src/schema/tool-schema.ts';
import { memoryStore } from '../src/store/memory-store.ts';
import type { RunStore } from '../src/store/run-store.ts';
import {
  createEmulator,
  manualClock,
  type Emulator,
  type EmulatorOptions,
  type Iteration,
  type LoggedRequest,
  type ManualClock,
} from '../src/testing/index.ts';
import type { JsonObject } from '../src/wire/json.ts';

/** The model calls `get_weather`, then answers. */
export const weatherScript: readonly Iteration[] = [
  { calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_1' }] },
  { text: 'Leave the umbrella at home.' },
];

export interface ScenarioOptions {
  /** @default {@link weatherScript} */
  readonly script?: EmulatorOptions['script'];
  readonly faults?: EmulatorOptions['faults'];
  readonly emulator?: Partial<EmulatorOptions>;
  readonly runner?: Partial<RunnerOptions>;
  readonly agent?: Partial<AgentOptions<readonly AgentTool[], SchemaSource>>;
  /** @default the tool `get_weather`, which adds each city to `executed` */
  readonly tools?: readonly AgentTool[];
  readonly clock?: ManualClock;
}

/** An agent, its runner and an emulated API, without network. Time advances only when the test advances it. */
export interface Scenario {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly store: RunStore;
  readonly runner: DrivingRunner;
  readonly agent: Agent;
  /** The cities that `get_weather` was executed for, in order. */
  readonly executed: string[];
  start(input?: RunInput, options?: DrivingStartOptions): DrivenRun;
  /** Creates another runner with the same store, clock and API, as another process would. */
  reboot(options?: Partial<RunnerOptions>): DrivingRunner;
  /** The requests sent, in short form: `create`, `poll`, `stream`, `stream after 3`, `cancel`, `delete`. */
  sent(): readonly string[];
  /** Like `sent`, with consecutive polls as one. */
  trace(): readonly string[];
  /** The bodies of the creates. */
  creates(): readonly JsonObject[];
  /** Advances time until the promise settles, and returns its value. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Advances time until the promise rejects, and returns its error. */
  rejection(promise: Promise<unknown>): Promise<unknown>;
  /** Waits until the program is idle, without advancing time. */
  quiet(): Promise<void>;
}

/** The short form of a request. */
export function kindOf({ method, path, query }: LoggedRequest): string {
  if (method === 'DELETE') return 'delete';
  if (method === 'POST') return path.endsWith('/cancel') ? 'cancel' : 'create';
  if (query['stream'] !== 'true') return 'poll';
  return query['starting_after'] === undefined ? 'stream' : `stream after ${query['starting_after']}`;
}

/** Longer than all limits of a run, so a promise that has not settled by then hangs. */
const longestMs = 40 * 24 * 3_600_000;

/** Advances time from one due sleep to the next until the promise settles. */
async function settleOn<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  const began = clock.now();
  await clock.advance(0);
  while (!settled) {
    const next = clock.nextAt;
    if (next === undefined)
      throw new Error('The promise hangs: it has not settled, and no sleep is pending.');
    if (next - began > longestMs) throw new Error('The promise has not settled in 40 days.');
    await clock.advance(next - clock.now());
  }
  return promise;
}

export function scenario(options: ScenarioOptions = {}): Scenario {
  const clock = options.clock ?? manualClock(1_770_000_000_000);
  const { script = weatherScript, faults = [] } = options;
  const emulator = createEmulator({
    script,
    faults,
    clock,
    queuedMs: 2_000,
    runMs: 8_000,
    ...options.emulator,
  });
  const store = options.runner?.store ?? memoryStore({ clock });
  const executed: string[] = [];
  const getWeather = tool({
    name: 'get_weather',
    description: 'Current weather in a city.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      executed.push(city);
      return { tempC: 21 };
    },
  });
  const agent: Agent = defineAgent({
    name: 'weather',
    model: 'gpt-6-astra',
    instructions: 'Be brief.',
    tools: options.tools ?? [getWeather],
    ...options.agent,
  });
  const boot = (more: Partial<RunnerOptions> = {}): DrivingRunner =>
    createRunner({
      client: fetchClient({ baseURL: 'http://api.test/v1', apiKey: 'key', fetch: emulator.fetch }),
      clock,
      store,
      random: () => 0.5,
      agents: [agent],
      ...options.runner,
      ...more,
    });
  const runner = boot();
  const sent = (): readonly string[] => emulator.requests.map(kindOf);
  return {
    clock,
    emulator,
    store,
    runner,
    agent,
    executed,
    start: (input = 'Should I take an umbrella?', more) => runner.start(agent, input, more),
    reboot: boot,
    sent,
    trace: () => sent().filter((kind, index, all) => kind !== 'poll' || all[index - 1] !== 'poll'),
    creates: () =>
      emulator.requests.filter((request) => kindOf(request) === 'create').map(({ body }) => body ?? {}),
    settle: (promise) => settleOn(clock, promise),
    rejection: (promise) =>
      settleOn(
        clock,
        promise.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    quiet: () => clock.advance(0),
  };
}

/** All events of a finished run. */
export async function eventsOf(run: Pick<DrivenRun, 'events'>): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}
