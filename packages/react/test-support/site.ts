import {
  type Agent,
  createRunner,
  type DrivingRunner,
  fetchClient,
  memoryStore,
  type Runner,
  type RunnerOptions,
  type RunStore,
} from '@longhaul/core';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type ManualClock,
  manualClock,
} from '@longhaul/core/testing';
import { waitFor } from '@testing-library/react';
import { onTestFailed, onTestFinished } from 'vitest';

export interface SiteOptions extends EmulatorOptions {
  /** The agents of the site. Visitors may start their runs. */
  readonly agents: readonly Agent[];
  readonly mode?: RunnerOptions['mode'];
  /** The key that the runner sends to the API. */
  readonly sentKey?: () => string;
}

/** The pages of one visitor, and the API that their runs use. Everything closes at the end of the test. */
export interface Site {
  readonly emulator: Emulator;
  /** How many creates the API has received. */
  readonly creates: number;
  /** Opens a page. Its runner shares the saved runs with those of other pages. */
  openPage(): Runner;
  /** Creates a runner with the agents and the saved runs of the site, as another process of a server has it. */
  newRunner(): DrivingRunner;
  /** Lets time pass until the assertion holds. */
  until(assertion: () => void): Promise<void>;
  /** Lets time pass until the action has settled. Call it in `act` if components render while time passes. */
  during<T>(action: () => Promise<T>): Promise<T>;
}

/** How much time passes between two looks, in milliseconds. */
const stepMs = 250;

/**
 * The parts of a site that do not depend on where its runs are driven.
 *
 * Time passes in small steps, between which the process reads its sockets. A single long step would end before a request
 * has reached the server, and a run that starts after it would wait forever.
 */
export class DrivingSite {
  readonly clock: ManualClock = manualClock(1_000_000);
  readonly emulator: Emulator;
  readonly #options: SiteOptions;
  readonly #store: RunStore = memoryStore({ clock: this.clock });
  /** Why the current wait continues. */
  #unmet: unknown;

  constructor(options: SiteOptions) {
    const { agents: _agents, mode: _mode, sentKey: _key, ...given } = options;
    this.#options = options;
    this.emulator = createEmulator({ ...given, clock: this.clock });
    // A wait ends with the time limit of the test. The error of that limit does not name the assertion.
    onTestFailed(() => {
      if (this.#unmet !== undefined) console.error('The test was waiting for:', this.#unmet);
    });
  }

  get creates(): number {
    const { requests } = this.emulator;
    return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/responses')).length;
  }

  newRunner(): DrivingRunner {
    const { agents, mode = 'poll', sentKey } = this.#options;
    const client = fetchClient({
      baseURL: 'http://openai.test/v1',
      fetch: this.emulator.fetch,
      ...(sentKey && { apiKey: sentKey }),
    });
    const runner = createRunner({ client, clock: this.clock, store: this.#store, mode, agents });
    onTestFinished(() => runner.close({ graceMs: 0 }));
    return runner;
  }

  async until(assertion: () => void): Promise<void> {
    const look = async (): Promise<void> => {
      await this.clock.advance(stepMs);
      try {
        assertion();
      } catch (error) {
        this.#unmet = error;
        throw error;
      }
    };
    await waitFor(look, { interval: 1 });
    this.#unmet = undefined;
  }

  async during<T>(action: () => Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = action().finally(() => (isSettled = true));
    // `settled` is returned, so its rejection is handled there.
    settled.catch(() => undefined);
    while (!isSettled) {
      await this.clock.advance(stepMs);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return settled;
  }
}
