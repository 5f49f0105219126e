import { abortReason } from '../../clock/abort-reason.ts';
import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { Tool } from '../../agent/tool.ts';
import type { Decision } from '../../engine/decision.ts';
import type { ToolCallView } from '../../engine/view/run-view.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { randomId } from '../../run/random-id.ts';
import { runPath } from './answered-view.ts';
import { sentDecision } from './decision-check.ts';
import type { WatchedRun } from './watched-run.ts';
import { errorOf, isOk, isUnauthorized, refusedMs, type Answer, type ServerAccess } from './server-access.ts';

/** The delay between two renewals of a lease, in milliseconds. The server's leases last 30 s. */
const renewEveryMs = 10_000;
/** The shortest and the longest wait for the end of another page's lease, in milliseconds. */
const waitMs = [1_000, 30_000] as const;

export interface PageCallSetup {
  readonly run: WatchedRun;
  readonly tool: Tool;
  readonly server: ServerAccess;
  readonly clock: Clock;
}

/** One call that this page leases, executes and answers. */
export class PageCall {
  readonly #setup: PageCallSetup;
  readonly #aborted = new AbortController();
  readonly #leaseId = randomId();
  /** The call as the view shows it. */
  #call: ToolCallView;
  /** Ends the wait for the end of another page's lease. */
  #waiting = new AbortController();
  #isExecuting = false;
  #isLost = false;
  /** Resolves when the call is answered, or can no longer be answered. */
  readonly ended: Promise<void>;

  constructor(setup: PageCallSetup, call: ToolCallView) {
    this.#setup = setup;
    this.#call = call;
    this.ended = this.#answer();
  }

  /** Whether the page has lost the lease before the call was answered. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The view of the call has changed. Undefined: the call no longer waits for an output. */
  changed(call: ToolCallView | undefined): void {
    if (call === undefined) return this.abort('The call no longer waits for an output.');
    if (call === this.#call) return;
    this.#call = call;
    this.#waiting.abort(abortReason);
  }

  abort(reason: string): void {
    this.#aborted.abort(new Error(reason));
  }

  get #path(): string {
    return `${runPath(this.#setup.run.id)}/calls/${encodeURIComponent(this.#call.callId)}/lease`;
  }

  async #answer(): Promise<void> {
    const { signal } = this.#aborted;
    if (!(await this.#lease())) return;
    const renewed = repeat(this.#setup.clock, renewEveryMs, () => this.#renew());
    try {
      this.#isExecuting = true;
      const decision = await this.#execute();
      this.#isExecuting = false;
      if (!signal.aborted) await this.#send(decision);
    } finally {
      renewed();
    }
  }

  /** Resolves to true when this page has the lease, and to false if the call can no longer be leased. */
  async #lease(): Promise<boolean> {
    const { clock } = this.#setup;
    const { signal } = this.#aborted;
    for (;;) {
      this.#waiting = new AbortController();
      // The page makes the id, so that a repeated request gets the same lease.
      const answer = await this.#insist(this.#path, { leaseId: this.#leaseId });
      if (signal.aborted) return false;
      if (isOk(answer)) return true;
      if (answer.status !== 409) return false;
      const [atLeast, atMost] = waitMs;
      const leftMs = (this.#call.leasedUntil ?? 0) - clock.now();
      await clock.sleep(
        Math.min(Math.max(leftMs, atLeast), atMost),
        AbortSignal.any([signal, this.#waiting.signal]),
      );
    }
  }

  async #renew(): Promise<void> {
    const { server } = this.#setup;
    const answer = await server.ask('POST', this.#path, { leaseId: this.#leaseId });
    if (answer.status !== 409 || !this.#isExecuting) return;
    this.#isLost = true;
    this.abort('The page has lost the lease of the call.');
  }

  async #execute(): Promise<Decision> {
    const { run, tool, clock } = this.#setup;
    const { callId, iteration, rawArguments } = this.#call;
    const { signal } = this.#aborted;
    const failed = (message: string): Decision => ({ type: 'error', callId, message });
    try {
      const read = await tool.read(rawArguments);
      if (!read.ok) return failed(read.message);
      const idempotencyKey = `${run.id}/${iteration}/${callId}`;
      const context = {
        runId: run.id,
        callId,
        idempotencyKey,
        context: undefined,
        signal,
        progress: () => undefined,
      };
      const work = Promise.race([Promise.resolve(tool.execute(read.value, context)), untilAborted(signal)]);
      const output = await withTimeout(tool.timeoutMs, clock, work, () => {
        throw new Error(`The tool "${tool.name}" took longer than ${tool.timeoutMs} ms.`);
      });
      return sentDecision({ type: 'output', callId, output });
    } catch (error) {
      return failed(errorMessage(error));
    }
  }

  async #send(decision: Decision): Promise<void> {
    const { run } = this.#setup;
    const { iteration } = this.#call;
    const send = (one: Decision): Promise<Answer> => {
      const decisions = [{ ...one, leaseId: this.#leaseId }];
      return this.#insist(`${runPath(run.id)}/decisions`, { decisions, iteration });
    };
    const answer = await send(decision);
    // The server does not accept the output, for example because it is too large. The model must know.
    const isRefused = answer.status === 400 || answer.status === 413;
    if (isRefused && decision.type === 'output')
      await send({ type: 'error', callId: decision.callId, message: errorOf(answer).message });
    else if (isOk(answer)) run.showAnswer(answer);
  }

  /** Repeats a request until it is answered, including after an answer that refuses the credentials. */
  async #insist(path: string, body: object): Promise<Answer> {
    const { server } = this.#setup;
    const { signal } = this.#aborted;
    for (let tries = 1; ; tries += 1) {
      const answer = await server.insist('POST', path, body, signal);
      if (signal.aborted || !isUnauthorized(answer)) return answer;
      await server.pause(server.backOff(tries, ...refusedMs), signal);
    }
  }
}

/** Rejects when the signal aborts. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
