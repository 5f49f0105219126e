import type { OwnershipCommand } from '../../ownership/ownership-command.ts';
import type { OwnershipEvent } from '../../ownership/ownership-event.ts';
import type { RunFacts } from '../../ownership/ownership.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { InboxEvent } from './inbox-message.ts';
import type { OwnerSetup } from './owner-setup.ts';
import type { Parking } from './parking.ts';
import { factsOf } from './run-facts.ts';
import type { RunRecord } from './run-record.ts';
import type { UserAsks } from './user-asks.ts';

/** The time limit of requests for the claim of a process that died before its first save, in milliseconds. */
const abandonedForMs = 20_000;
/** The delay between two of these requests, in milliseconds. */
const askEveryMs = 1_000;

export type OwnershipCall = Extract<OwnershipCommand, { readonly call: number }>;

/** The event that a call results in, without the number of the call. */
type Answer<Event = OwnershipEvent> = Event extends { readonly call: number } ? Omit<Event, 'call'> : never;

interface CallHost {
  readonly setup: OwnerSetup;
  readonly record: RunRecord;
  readonly asks: UserAsks;
  /** The current loop. */
  loop(): RunLoop;
  readonly parking: Parking;
  mayDrive(): boolean;
  /** Provides the context of the run's tools to the loop. */
  provideContext(): Promise<void>;
  /** Whether the machine still waits for the answer to this call. */
  isCurrent(call: number): boolean;
  /** Whether the machine still waits for the context of this request. */
  isContextAsked(request: number): boolean;
  dispatch(event: OwnershipEvent): void;
}

/** Makes the calls that the ownership machine requests. Each results in an event. */
export class OwnershipCalls {
  readonly #host: CallHost;
  #since: number;
  /** The time limit of running tools while the loop drains, in milliseconds. */
  graceMs = 0;
  /** The snapshot that the last load returned. */
  loaded: RunSnapshot | undefined;
  /** The messages that the last `receive` returned. */
  received: readonly InboxEvent[] = [];
  /** The error of the last call, or of the context, that failed. */
  failure: unknown;

  constructor(host: CallHost) {
    this.#host = host;
    this.#since = host.setup.ports.time.now();
  }

  /** The handle is used again, so the time limit of requests for an abandoned claim begins again. */
  reopened(): void {
    this.#since = this.#host.setup.ports.time.now();
  }

  begin(command: OwnershipCall): void {
    const { call } = command;
    this.#answerOf(command).then(
      (answer) => answer && this.#host.dispatch({ ...answer, call }),
      (error: unknown) => {
        if (this.#host.isCurrent(call)) this.failure = error;
        this.#host.dispatch({ type: 'failed', call });
      },
    );
  }

  askContext(request: number): void {
    this.#host.provideContext().then(
      () => this.#host.dispatch({ type: 'context_given', request }),
      (error: unknown) => {
        if (this.#host.isContextAsked(request)) this.failure = error;
        this.#host.dispatch({ type: 'context_failed', request });
      },
    );
  }

  /** Undefined if the user was answered instead. */
  async #answerOf({ type, call, ask }: OwnershipCall): Promise<Answer | undefined> {
    const { record, setup } = this.#host;
    const { clock, time } = setup.ports;
    switch (type) {
      case 'claim':
        return { type: 'claim_answered', granted: await record.claim() };
      case 'load':
        return this.#load(call);
      case 'receive': {
        const received = await record.receive(this.#host.loop().seen);
        if (this.#host.isCurrent(call)) this.received = received;
        const cancels = received.some((message) => message.type === 'cancel_asked');
        return { type: 'received', count: received.length, cancels };
      }
      case 'post':
        return this.#post(ask ?? 0);
      case 'flush':
        await this.#host.loop().flushed();
        return { type: 'flushed', ...this.facts() };
      case 'drain':
        await this.#host.loop().drain(this.graceMs);
        return { type: 'drained', ...this.facts() };
      case 'park':
        return { type: 'park_answered', result: await this.#host.parking.park(this.#host.loop()) };
      case 'pause':
        await clock.sleep(askEveryMs);
        return { type: 'paused', late: time.now() - this.#since >= abandonedForMs };
    }
  }

  /** The run as the loop here has it. */
  facts(): { run: RunFacts; answered: number[] } {
    const loop = this.#host.loop();
    return { run: this.#host.parking.factsOf(loop), answered: this.#host.asks.answeredBy(loop.state) };
  }

  async #load(call: number): Promise<Answer> {
    const { record } = this.#host;
    // A process that may drive the run requests the claim, and does not need the look.
    const look = this.#host.mayDrive() ? undefined : record.look();
    const loaded = await record.load();
    const claimed = defined({ claimed: (await look)?.claimed });
    if (this.#host.isCurrent(call)) this.loaded = loaded;
    if (loaded === undefined) return { type: 'loaded', run: null };
    const { head } = loaded;
    return {
      type: 'loaded',
      run: factsOf({ state: head, commitId: head.commitId }),
      answered: this.#host.asks.answeredBy(head),
      ...claimed,
    };
  }

  async #post(ask: number): Promise<Answer | undefined> {
    const message = this.#host.asks.messageOf(ask, this.#host.loop().state);
    if (message === undefined) this.#host.dispatch({ type: 'ask_settled', ask });
    else {
      await this.#host.record.post(message);
      if (!this.#host.mayDrive()) this.#host.setup.posted();
    }
    return message && { type: 'posted' };
  }
}
