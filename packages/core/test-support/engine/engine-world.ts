import type { Effect } from '../../src/engine/effect.ts';
import type { EngineEventBody } from '../../src/engine/engine-event.ts';
import { buildRequest } from '../../src/engine/build-request.ts';
import { initialState } from '../../src/engine/initial-state.ts';
import type { IterationRequest } from '../../src/engine/iteration-request.ts';
import { pendingResponseId } from '../../src/engine/pending-response.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import type { StoredItem } from '../../src/engine/stored-item.ts';
import { savedState, savedTime } from '../../src/engine/saved-state.ts';
import { transition } from '../../src/engine/transition.ts';
import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEventBody } from '../../src/engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../src/engine/view/run-view.ts';
import { viewOf } from '../../src/engine/view/view-of.ts';
import { deepFreeze } from '../../src/wire/deep-freeze.ts';
import { isTerminal } from '../../src/wire/response.ts';
import { Broken, callIdsOf, mustAnswer, mustBelong, mustBeFresh, mustBeJson } from './invariants.ts';
import { mustShow } from './must-show.ts';
import { mustKeepSteered, mustSendHistory, mustSteer } from './must-steer.ts';
import type { RunSetup } from './run-setup.ts';
import { nameOf } from './tools.ts';

/**
 * Upper limit for the size of a head in these tests, in characters. A head may have three calls, six attempts and one
 * patch, regardless of the number of iterations.
 */
const longestHead = 12_000;

/** A simulated driver. Performs effects by recording them, and checks the invariants after each step. */
export class EngineWorld {
  readonly setup: RunSetup;
  /** Milliseconds on the run's monotonic clock. */
  time = 1_000_000;
  /** Wall time minus `time`. */
  skewMs = 0;
  state: RunState;
  /** The items in the store. */
  items: StoredItem[] = [];
  saved: RunState | undefined;
  view: RunView = emptyView;
  /** The request in flight, if any. */
  request: IterationRequest | undefined;
  /** Increases with each request and each abort, which close the previous connection. */
  connection = 0;
  preparing = false;
  loadingHistory = false;
  assessing: readonly string[] = [];
  readingOutput = false;
  timerAt: number | null = null;
  stopped = false;
  readonly running: Set<string> = new Set();
  /** Each event, with the phase before it. It is reported if an invariant is broken. */
  readonly trace: (readonly [phase: string, event: EngineEventBody | 'crash'])[] = [];
  /** The number of creates sent by all processes. */
  creates = 0;
  #seq = 0;
  #cancelled = false;
  readonly #sent = new Set<object>();
  readonly #terminal = new Set<string>();
  readonly #confirmed = new Set<string>();
  readonly #executions = new Map<string, number>();
  /** Calls that were running when a process crashed. They may be executed again if they are idempotent. */
  readonly #interrupted = new Set<string>();
  readonly #approved = new Set<string>();
  /** The steered inputs that are saved. None of them may be lost, even in a crash. */
  readonly #steered = new Set<string>();

  constructor(setup: RunSetup) {
    this.setup = setup;
    const { spec, input, policy } = setup;
    const { continuation } = setup;
    const continues = continuation === undefined ? {} : { continues: 'run_0' };
    this.state = initialState(spec, input, { runId: 'run_1', at: this.at, policy, ...continues });
  }

  /** Wall time. */
  get at(): number {
    return this.time + this.skewMs;
  }

  get over(): boolean {
    return isTerminalRun(this.state.status);
  }

  /** Records that the run has seen a terminal status of a response. */
  learn(responseId: string, status: string): void {
    if (isTerminal(status)) this.#terminal.add(responseId);
  }

  approve(callId: string): void {
    this.#approved.add(`${this.state.iteration}/${callId}`);
  }

  feed(body: EngineEventBody, random = 0.5): void {
    const event = deepFreeze({ ...body, at: this.at, time: this.time, random });
    const before = this.state;
    const { phase } = before;
    this.trace.push([phase.type, body]);
    if (event.type === 'cancel_asked' && phase.type !== 'done') this.#cancelled = true;
    if (phase.type !== 'starting') deepFreeze(before);
    const [state, effects] = transition(before, event);
    this.state = state;
    this.#mustBeOneStep(before, state, effects);
    for (const effect of effects) this.#perform(effect);
    if (phase.type === 'done' && (state !== before || effects.length > 0)) {
      throw new Broken('I8', 'a finished run changed');
    }
    if (state.status === 'completed') this.#mustHaveCompleted();
    // Compare only after saves, because unsaved events are frequent and change little of the view.
    // A steered input and a webhook are saved at any time, even before an unsaved change of the wait is shown.
    const isAnytime = body.type === 'steer_asked' || body.type === 'woken';
    if (state.revision !== before.revision && !isAnytime) mustShow(this.state, this.view, this.items);
    mustKeepSteered(this.view, this.#steered);
  }

  /** I11: a run completes only with a completed response without calls. */
  #mustHaveCompleted(): void {
    const { items, state } = this;
    const iteration = items.findLast((item) => item.type === 'iteration');
    if (
      iteration?.type !== 'iteration' ||
      iteration.status !== 'completed' ||
      iteration.iteration !== state.iteration
    ) {
      throw new Broken('I11', `the run completed with a response with status ${iteration?.status}`);
    }
    if (callIdsOf(items, state.iteration).length > 0)
      throw new Broken('I11', 'the run completed with a response that has calls');
    if (this.#cancelled) throw new Broken('I8', 'the run completed after the cancel');
  }

  /** Simulates a crash: the process loses its state, and another process resumes the saved run. */
  crash(manual = false): void {
    const { saved } = this;
    if (saved === undefined) return;
    this.trace.push([saved.phase.type, 'crash']);
    for (const callId of this.running) this.#interrupted.add(this.#key(callId));
    this.running.clear();
    this.request = undefined;
    this.preparing = false;
    this.loadingHistory = false;
    this.readingOutput = false;
    this.assessing = [];
    this.timerAt = null;
    this.stopped = false;
    // The next process cannot know that the usage was requested.
    this.#confirmed.clear();
    this.state = copy(saved);
    this.items = copy(this.items);
    this.view = viewOf(this.state, this.items, 'here');
    const gapMs = this.at - this.state.updatedAt;
    const { at } = this;
    this.time = savedTime(this.state);
    this.skewMs = at - this.time;
    this.feed({ type: 'resumed', policy: this.state.policy, gapMs, manual });
  }

  #key(callId: string): string {
    return `${this.state.iteration}/${callId}`;
  }

  #mustBeOneStep(before: RunState, state: RunState, effects: readonly Effect[]): void {
    const saves = effects.filter((effect) => effect.type === 'save').length;
    if (saves > 1 || (saves === 1 && effects[0]?.type !== 'save')) {
      throw new Broken('I7', 'a step must save at most once, as its first effect');
    }
    if (state.revision !== before.revision + saves)
      throw new Broken('I7', 'a save must increase the revision by one');
    mustBeJson(state);
  }

  #perform(effect: Effect): void {
    if (this.stopped) return;
    switch (effect.type) {
      case 'save':
        return this.#save(effect.append);
      case 'emit':
        return this.emit(effect.event);
      case 'load_history':
        if (this.items.some((item) => item.type === 'history'))
          throw new Broken('I7', 'the history was loaded twice');
        this.loadingHistory = true;
        return;
      case 'prepare':
        this.preparing = true;
        return;
      case 'create':
        return this.#create(effect.announce);
      case 'retrieve':
        return this.#retrieve();
      case 'cancel':
        return this.#cancel();
      case 'abort_request':
        return this.#send(undefined);
      case 'cancel_other':
      case 'remember_buffering':
      case 'remember_webhooks':
        return;
      case 'take_webhook':
        return this.#takeWebhook(effect.responseId);
      case 'assess':
        this.assessing = effect.callIds;
        return;
      case 'execute':
        return this.#execute(effect.callId);
      case 'abort_tools':
        return;
      case 'read_output':
        this.readingOutput = true;
        return;
      case 'wait':
        this.timerAt = effect.until;
        return;
      case 'stop':
        this.stopped = true;
    }
  }

  emit(body: RunEventBody): void {
    this.#seq += 1;
    this.view = applyEvent(this.view, { ...body, seq: this.#seq, at: this.at });
  }

  #save(append: readonly StoredItem[]): void {
    mustBeJson(append);
    for (const item of append) if (item.type === 'steer') this.#steered.add(item.steerId);
    this.items.push(...append);
    this.saved = savedState(this.state);
  }

  #build(): IterationRequest {
    const { state, items, setup } = this;
    const request = buildRequest(state, setup.spec, items);
    mustBeFresh(request, this.#sent);
    return request;
  }

  /** I7: before an effect leaves the process, the store must contain the current phase. */
  #mustBeWritten(what: string): void {
    const { saved, state } = this;
    if (saved?.phase !== state.phase && JSON.stringify(saved?.phase) !== JSON.stringify(state.phase)) {
      throw new Broken('I7', `${what} before the save`);
    }
  }

  #send(request: IterationRequest | undefined): void {
    this.connection += 1;
    this.request = request;
  }

  #create(announce: boolean): void {
    const { state, setup, items } = this;
    if (this.#cancelled) throw new Broken('I8', 'a create after the cancel');
    if ((state.unknownCreates ?? 0) > 1)
      throw new Broken('I9', 'a create after two creates of unknown outcome');
    this.#mustBeWritten('a create');
    const size = JSON.stringify(state).length;
    if (size > longestHead) throw new Broken('I7', `the head has grown to ${size} characters`);
    const request = this.#build();
    const attempt = state.attempts.at(-1);
    if (request.kind !== 'create' || attempt === undefined)
      throw new Broken('I1', 'the request is not a create');
    mustBelong(request.body, state, setup.spec);
    mustAnswer(request.body, state, items);
    mustSendHistory(request.body, state, setup.history);
    mustSteer(request.body, state, items, this.#steered);
    this.creates += 1;
    this.#send(request);
    const { iteration, attempts } = state;
    const { strategy, mode } = attempt;
    if (announce) {
      const fields = { iteration, attempt: attempts.length - 1, strategy, mode };
      this.emit({ type: 'iteration.started', ...fields, request: request.body });
    }
  }

  #retrieve(): void {
    const request = this.#build();
    if (request.kind !== 'retrieve') throw new Broken('I1', 'the request is not a retrieve');
    const { responseId } = request;
    const { phase } = this.state;
    if (phase.type === 'cancelling') {
      if (this.#confirmed.has(responseId))
        throw new Broken('I2', `the usage of ${responseId} was requested twice`);
      this.#confirmed.add(responseId);
    } else if (this.#terminal.has(responseId)) {
      throw new Broken('I2', `${responseId} was retrieved after its end`);
    }
    this.#send(request);
  }

  /** The handler of a webhook looks for the saved id, so the save must come before the look for an earlier webhook. */
  #takeWebhook(responseId: string): void {
    const { saved } = this;
    if (saved === undefined || pendingResponseId(saved) !== responseId)
      throw new Broken('I7', `the webhook of ${responseId} was taken before the id was saved`);
    if (!this.setup.spec.background) throw new Broken('I2', 'a foreground response has no webhook');
  }

  #cancel(): void {
    if (this.saved?.phase.type !== 'cancelling') throw new Broken('I7', 'a cancel before the save');
    const request = this.#build();
    if (request.kind !== 'cancel') throw new Broken('I1', 'the request is not a cancel');
    this.#send(request);
  }

  #execute(callId: string): void {
    const key = this.#key(callId);
    const { items, state } = this;
    if (this.#cancelled) throw new Broken('I8', `${callId} was executed after the cancel`);
    this.#mustBeWritten('an execution');
    const iteration = items.findLast((item) => item.type === 'iteration');
    if (
      iteration?.type !== 'iteration' ||
      iteration.iteration !== state.iteration ||
      iteration.status !== 'completed'
    ) {
      throw new Broken('I4', `${callId} was executed, but its response has status ${iteration?.status}`);
    }
    if (!callIdsOf(items, state.iteration).includes(callId))
      throw new Broken('I4', `no response calls ${callId}`);
    const name = nameOf(items, state.iteration, callId);
    if (name === 'asks' && !this.#approved.has(key)) throw new Broken('I6', `${callId} was not approved`);
    const before = this.#executions.get(key) ?? 0;
    if (before > 0 && !(name === 'safe' && this.#interrupted.has(key))) {
      throw new Broken('I6', `${callId} of iteration ${state.iteration} was executed twice`);
    }
    this.#interrupted.delete(key);
    this.#executions.set(key, before + 1);
    this.running.add(callId);
    const fields = { iteration: state.iteration, callId, name };
    this.emit({ type: 'tool.started', ...fields, arguments: {} });
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
