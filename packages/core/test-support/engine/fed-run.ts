import type { JsonObject } from '../../src/wire/json.ts';
import { readResponse, type Response } from '../../src/wire/response.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { EngineEventBody } from '../../src/engine/engine-event.ts';
import { initialState } from '../../src/engine/initial-state.ts';
import { defaultPolicy, type RunPolicy } from '../../src/engine/run-policy.ts';
import type { RunState, Waiting } from '../../src/engine/run-state.ts';
import { transition } from '../../src/engine/transition.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;

export interface FedRunSetup {
  readonly policy?: Partial<RunPolicy>;
  readonly request?: JsonObject;
  readonly background?: boolean;
  readonly created?: JsonObject;
}

/** A response as the engine reads it. */
export function responseOf(fields: JsonObject): Response {
  const response = readResponse({ id: 'resp_1', status: 'in_progress', background: true, ...fields });
  if (response === undefined) throw new Error('The response cannot be read.');
  return response;
}

/** A run that a test feeds with events. */
export class FedRun {
  state: RunState;
  /** The effects of the last event, without the view's events and the timer. */
  effects: readonly Effect[] = [];
  at = 0;

  constructor({ policy, request = {}, background = true }: FedRunSetup = {}) {
    const agent = { name: 'a', model: 'm', background, request };
    const rules = { ...defaultPolicy, mode: 'poll' as const, ...policy };
    this.state = initialState(agent, 'Hello', { runId: 'run_1', at: 0, policy: rules });
    this.feed({ type: 'started' });
  }

  feed(event: EngineEventBody): this {
    const [state, effects] = transition(this.state, { ...event, at: this.at, random: 0.5 });
    this.state = state;
    this.effects = effects.filter(({ type }) => type !== 'emit' && type !== 'wait');
    return this;
  }

  get types(): readonly string[] {
    return this.effects.map(({ type }) => type);
  }

  get waiting(): Waiting {
    const { phase } = this.state;
    if (phase.type !== 'waiting') throw new Error(`The run is ${phase.type}.`);
    return phase;
  }

  /** Milliseconds until the next poll. */
  get delay(): number {
    return (this.waiting.nextAt ?? Number.NaN) - this.at;
  }

  /** Advances to the next poll, and answers it. */
  poll(fields: JsonObject = {}): this {
    this.at = this.waiting.nextAt ?? this.at;
    return this.feed({ type: 'timer' }).answer(fields);
  }

  answer(fields: JsonObject = {}): this {
    return this.feed({ type: 'responded', to: 'retrieve', response: responseOf(fields) });
  }

  fail(status: number, retryAfterMs?: number): this {
    const failure = {
      kind: 'http',
      sender: 'api',
      status,
      code: 'no',
      type: null,
      param: null,
      message: 'No.',
    };
    const asked = retryAfterMs === undefined ? {} : { asked: { serverMs: retryAfterMs } };
    return this.feed({
      type: 'request_failed',
      to: 'retrieve',
      failure: { ...failure, kind: 'http', sender: 'api' },
      ...asked,
    });
  }

  webhook(responseId = 'resp_1'): this {
    return this.feed({ type: 'woken', responseId });
  }
}

/** A run whose create is answered, and whose first poll is scheduled. */
export function created(setup: FedRunSetup = {}): FedRun {
  return new FedRun(setup).feed({
    type: 'responded',
    to: 'create',
    response: responseOf(setup.created ?? {}),
  });
}

/** A run that expects webhooks since its beginning. */
export function expecting(setup: FedRunSetup = {}): FedRun {
  const run = new FedRun(setup).feed({ type: 'webhooks_known', forMs: 24 * hourMs });
  return run.feed({ type: 'responded', to: 'create', response: responseOf(setup.created ?? {}) });
}
