import type { CallOutcome, RecordedDecision } from '../../src/engine/engine-event.ts';
import { isSettledCall } from '../../src/engine/view/run-view.ts';
import { defined } from '../../src/wire/defined.ts';
import type { EngineEventBody } from '../../src/engine/engine-event.ts';
import { EngineWorld } from './engine-world.ts';
import { Broken } from './invariants.ts';
import { modelResponse, seen } from './model-response.ts';
import { ModelServer } from './model-server.ts';
import { pick } from './pick.ts';
import { steerText } from './must-steer.ts';
import type { RunSetup } from './run-setup.ts';
import { verdictOf } from './tools.ts';

const outcomes: readonly CallOutcome[] = [
  { status: 'completed', output: '{"tempC":21}', json: true },
  { status: 'completed', output: 'plain', json: false },
  { status: 'failed', output: 'Error: no', json: false, error: { code: 'failed', message: 'no' } },
  { status: 'timed_out', output: 'Error: late', json: false, error: { code: 'timed_out', message: 'late' } },
];

/**
 * Simulates the server, the tools and the users of a run. Numbers choose the next action and its result; the result 0
 * is a success.
 */
export class Play {
  readonly world: EngineWorld;
  readonly #server: ModelServer;
  #lastSteer: Extract<EngineEventBody, { readonly type: 'steer_asked' }> | undefined;

  constructor(setup: RunSetup) {
    this.world = new EngineWorld(setup);
    this.#server = new ModelServer(this.world);
    const { continuation } = setup;
    this.#feed({ type: 'started', ...(continuation === undefined ? {} : { continuation }) });
  }

  /** Performs one of the actions that are possible now. Returns whether there was one. */
  go(which: number, how: number): boolean {
    const { world } = this;
    const open: (() => void)[] = [];
    // A process that has stopped driving receives no events until the run is resumed.
    if (world.stopped) {
      this.crash(which % 2 === 0);
      return true;
    }
    if (world.loadingHistory) open.push(() => this.#loaded(how));
    if (world.preparing) open.push(() => this.#prepared(how));
    const { request } = world;
    if (request?.kind === 'create') open.push(() => this.#server.answerCreate(how));
    if (request?.kind === 'retrieve') open.push(() => this.#server.answerRetrieve(how));
    if (request?.kind === 'cancel') open.push(() => this.#server.answerCancel(how));
    if (this.#server.streams) open.push(() => this.#server.streamOn(how));
    if (world.assessing.length > 0) open.push(() => this.#assess());
    if (world.readingOutput) open.push(() => this.#readOutput(how));
    for (const callId of world.running) open.push(() => this.#settle(callId, how));
    const { phase } = world.state;
    if (phase.type === 'tools') {
      for (const { callId, status } of phase.calls) {
        if (status === 'awaiting_approval' || status === 'awaiting_output')
          open.push(() => this.#decide(callId, how));
      }
    }
    // Advance to the timer if no other action is possible or the numbers choose it. They rarely choose a distant timer.
    const { timerAt } = world;
    if (timerAt !== null && timerAt <= world.time) return this.#ring(timerAt);
    const chosen = which % 4 === 3 && (how < 64 || (timerAt ?? 0) - world.time < 60_000);
    if (timerAt !== null && (open.length === 0 || chosen)) return this.#ring(timerAt);
    if (open.length === 0) return false;
    pick(open, which)();
    return true;
  }

  crash(manual = false): void {
    this.#server.hangUp();
    this.world.crash(manual);
  }

  cancel(): void {
    if (!this.world.stopped) this.#feed({ type: 'cancel_asked', reason: 'enough' });
  }

  hold(): void {
    if (!this.world.stopped) this.#feed({ type: 'draining' });
  }

  wait(ms: number): void {
    this.world.time += ms;
  }

  /** Simulates a sleep of the machine: wall time advances, and the run's monotonic clock does not. */
  sleep(ms: number): void {
    const { world } = this;
    world.skewMs += ms;
    if (!world.stopped) this.#feed({ type: 'slept', gapMs: ms });
  }

  /** Feeds an event that is impossible now or that is late. */
  noise(which: number, how: number): void {
    const { world } = this;
    if (world.stopped) return;
    const { phase } = world.state;
    const id = phase.type === 'waiting' ? phase.pending.responseId : 'resp_0';
    const stale = modelResponse(0, how & 31, { background: true, store: true, numbered: true });
    const events: readonly EngineEventBody[] = [
      { type: 'timer' },
      { type: 'responded', to: 'create', response: seen(stale, stale.plan.status) },
      { type: 'responded', to: 'cancel', response: seen(stale, 'cancelled') },
      { type: 'assessed', calls: [] },
      {
        type: 'assessed',
        calls: [{ callId: 'call_0', arguments: {}, verdict: 'run', idempotent: true, external: false }],
      },
      { type: 'tool_settled', callId: 'call_0', outcome: pick(outcomes, how) },
      { type: 'tool_progressed', callId: 'call_0', progress: how },
      {
        type: 'decided',
        iteration: world.state.iteration,
        decisions: [{ type: 'approve', callId: 'call_0' }],
      },
      { type: 'output_read', output: { late: true } },
      { type: 'history_loaded', items: [] },
      { type: 'prepared', patch: null },
      { type: 'prepare_failed', error: { code: 'late', message: 'late' } },
      { type: 'start_failed', error: { code: 'late', message: 'late' } },
      { type: 'started' },
      { type: 'stream_opened' },
    ];
    const event = pick(events, which);
    // Skip events that would answer pending work.
    if (event.type === 'responded' && world.request?.kind === event.to) return;
    if (event.type === 'responded' && event.to === 'cancel' && phase.type === 'cancelling') return;
    if ((event.type === 'prepared' || event.type === 'prepare_failed') && world.preparing) return;
    if (event.type === 'history_loaded' && world.loadingHistory) return;
    if (event.type === 'output_read' && world.readingOutput) return;
    if (event.type === 'stream_opened' && (this.#server.streams || world.request?.kind === 'retrieve'))
      return;
    const { state } = world;
    this.#feed(event);
    if (event.type === 'timer' || event.type === 'stream_opened') return;
    if (world.state !== state)
      throw new Broken('Late', `${event.type} changed a run that was not waiting for it (${id})`);
  }

  #feed(event: EngineEventBody): void {
    this.world.feed(event);
  }

  #ring(at: number): boolean {
    const { world } = this;
    world.time = Math.max(world.time, at);
    world.timerAt = null;
    this.#feed({ type: 'timer' });
    return true;
  }

  /**
   * Adds input to the run, by a message of the inbox. The same id may be used again, and the store may deliver the last
   * message again, including to another process.
   */
  steer(how: number): void {
    const { world } = this;
    if (world.stopped) return;
    const steerId = `s${how % 5}`;
    const source = { id: `m${how}`, ...((how & 64) > 0 ? { storeId: `stored/${how}` } : {}) };
    const asked = { type: 'steer_asked', steerId, input: steerText(steerId), source } as const;
    if ((how & 384) !== 384) this.#lastSteer = asked;
    this.#feed(this.#lastSteer ?? asked);
  }

  /**
   * Wakes the run: by a webhook for the pending response or another one, directly or by a message of the inbox, or
   * without a webhook. Or reports whether webhooks arrive.
   */
  webhook(how: number): void {
    const { world } = this;
    if (world.stopped) return;
    const { phase } = world.state;
    if ((how & 24) === 24)
      return this.#feed({ type: 'webhooks_known', forMs: (how & 32) === 0 ? 0 : 3_600_000 });
    const pendingId = phase.type === 'waiting' ? phase.pending.responseId : 'resp_0';
    const responseId = pick([pendingId, pendingId, 'resp_other', ''], how) || undefined;
    const source = (how & 4) === 0 ? undefined : { storeId: `webhook/${how}` };
    const before = world.request;
    this.#feed({ type: 'woken', ...defined({ responseId, source }) });
    if (responseId === 'resp_other' && world.request !== before)
      throw new Broken('I2', 'the webhook of another response sent a request');
  }

  #loaded(how: number): void {
    const { world } = this;
    world.loadingHistory = false;
    if (how === 15)
      return this.#feed({ type: 'history_failed', error: { code: 'history_missing', message: 'No.' } });
    this.#feed({ type: 'history_loaded', items: world.setup.history });
  }

  #prepared(how: number): void {
    this.world.preparing = false;
    if (how === 15)
      return this.#feed({ type: 'prepare_failed', error: { code: 'configuration', message: 'No.' } });
    const append = [{ role: 'developer', content: `Iteration ${this.world.state.iteration}.` }];
    const patches = [null, { set: { temperature: 0 }, unset: ['reasoning'] }, { set: {}, unset: [], append }];
    this.#feed({ type: 'prepared', patch: pick(patches, how) });
  }

  #assess(): void {
    const { world } = this;
    const calls = world.assessing.map((callId) => verdictOf(world.items, world.state.iteration, callId));
    world.assessing = [];
    this.#feed({ type: 'assessed', calls });
  }

  #settle(callId: string, how: number): void {
    const { world } = this;
    world.time += 1_000;
    if ((how & 16) > 0) {
      this.#feed({ type: 'tool_progressed', callId, progress: how });
      const shown = world.view.toolCalls.findLast((call) => call.callId === callId);
      if (!world.over && shown?.progress !== how)
        throw new Broken('View', `progress is shown as ${String(shown?.progress)}`);
      return;
    }
    world.running.delete(callId);
    this.#feed({ type: 'tool_settled', callId, outcome: pick(outcomes, how) });
  }

  #decide(callId: string, how: number): void {
    const { world } = this;
    const { phase } = world.state;
    const call = phase.type === 'tools' ? phase.calls.find((one) => one.callId === callId) : undefined;
    if (call === undefined || isSettledCall(call.status)) return;
    const friendly: RecordedDecision =
      call.status === 'awaiting_approval'
        ? { type: 'approve', callId }
        : { type: 'output', callId, output: '"from outside"', json: true };
    const decision = pick<RecordedDecision>(
      [
        friendly,
        { type: 'deny', callId, reason: 'no' },
        { type: 'error', callId, message: 'no' },
        { type: 'approve', callId },
      ],
      how,
    );
    if (decision.type === 'approve' && call.status === 'awaiting_approval') world.approve(callId);
    // An inbox may deliver a decision twice; the second has no effect.
    const decisions = (how & 16) > 0 ? [decision, decision] : [decision];
    this.#feed({ type: 'decided', iteration: world.state.iteration, decisions });
  }

  #readOutput(how: number): void {
    this.world.readingOutput = false;
    const error = { code: 'invalid_output', message: 'no' };
    this.#feed({ type: 'output_read', ...(how % 4 === 3 ? { error } : { output: { answer: 42 } }) });
  }
}
