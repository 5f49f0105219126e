import type { Agent } from '../../agent/define-agent.ts';
import { policyOf, type RunLimits } from '../../engine/run-policy.ts';
import type { RunOrigin } from '../../ownership/ownership.ts';
import type { DrivingStartOptions } from '../../run/driving-runner.ts';
import type { RunInput } from '../../run/run-input.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Claims } from '../ownership/claims.ts';
import type { DriveOptions } from '../ownership/drive-options.ts';
import type { OwnerSetup } from '../ownership/owner-setup.ts';
import type { QueueSide } from '../ownership/queue-side.ts';
import { showHead, showView } from '../show-view.ts';
import { LocalRun } from './local-run.ts';
import { newRun } from './new-run.ts';
import { runPolicy, type RunnerOptions } from './runner-options.ts';
import { agentToShow } from './which-agent.ts';

/** The parts of a runner that its runs need. */
export interface RunHost {
  readonly options: RunnerOptions;
  readonly ports: LoopPorts;
  readonly claims: Claims;
  readonly queue: QueueSide | undefined;
  readonly agents: ReadonlyMap<string, Agent>;
  /** The run has ended, or is no longer driven or followed here. */
  ended(run: LocalRun): void;
  /** A stopped run is driven or followed again. */
  reopened(run: LocalRun): void;
  /** This process, which only shows the run, has posted a message for it. */
  posted(runId: string): void;
  /** @throws if the runner is closed */
  mustBeOpen(): void;
}

/** Creates the handles of a runner's runs. */
export class RunFactory {
  readonly #host: RunHost;

  constructor(host: RunHost) {
    this.#host = host;
  }

  /** The options that drive a run. `limits`: the run's own limits. */
  driveOptions(agent: Agent, context: unknown, limits: RunLimits | undefined): DriveOptions {
    return { agent, context, policy: policyOf(agent.spec, runPolicy(this.#host.options, limits)) };
  }

  /** The state of a new run, which is not saved yet. A front only saves it: a worker sends the first request. */
  newState(agent: Agent, input: RunInput, options: DrivingStartOptions): RunSnapshot {
    const { options: runner, ports, queue } = this.#host;
    const { head, items } = newRun(agent, input, options, runner, ports.clock.now());
    return { head: { ...head, draining: queue?.role === 'front' }, items };
  }

  newRun(options: DriveOptions, saved: RunSnapshot, origin: RunOrigin): LocalRun {
    const { ports, claims, queue, options: runner } = this.#host;
    const { limits, runId } = saved.head;
    const streamIdleMs = limits.streamIdleMs ?? ports.streamIdleMs;
    // For a finished run, the constructor of `LocalRun` calls `ended` before `run` is set.
    let run: LocalRun | undefined;
    const setup: OwnerSetup = {
      ports: { ...ports, streamIdleMs },
      claims,
      queue,
      // A worker may have only the newest items.
      show: queue?.role === 'worker' ? showHead : showView,
      context: runner.context,
      ended: () => run && this.#host.ended(run),
      posted: () => this.#host.posted(runId),
      reopening: () => this.#host.mustBeOpen(),
      reopened: () => run && this.#host.reopened(run),
    };
    run = new LocalRun(setup, options, saved, origin);
    return run;
  }

  /** A handle of a saved run that only shows the run. This runner may not have the agent. */
  runToShow(stored: RunSnapshot): LocalRun {
    this.#host.mustBeOpen();
    const { agent: name, limits } = stored.head;
    const agent = this.#host.agents.get(name) ?? agentToShow(name);
    return this.newRun(this.driveOptions(agent, undefined, limits), stored, 'store');
  }
}
