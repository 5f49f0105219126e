import type { MessageProblem, ProcessedMessage } from '../../engine/message-result.ts';
import { processedMessage } from '../../engine/processed-messages.ts';
import type { RunState } from '../../engine/run-state.ts';
import { DecisionError } from '../../errors/decision-error.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { UserMessage } from '../user-message.ts';
import type { InboxEvent } from './inbox-message.ts';

/** A request of the user: to resume the run, to cancel it, or another message for it. */
export type UserAsk =
  | { readonly type: 'resume' }
  | { readonly type: 'follow' }
  | { readonly type: 'cancel'; readonly message: InboxEvent }
  /** A message whose result the run records: decisions, a lease, steered input, an owner. */
  | ({ readonly type: 'decide' } & UserMessage);

interface Pending {
  readonly id: number;
  readonly ask: UserAsk;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** The result that a saved state records. */
  result?: ProcessedMessage;
}

/** The requests of the user that wait for an answer. The ownership machine refers to them by number. */
export class UserAsks {
  #pending: readonly Pending[] = [];
  #last = 0;

  /** @returns the number of the request, and the promise that the user awaits */
  add(ask: UserAsk): { readonly id: number; readonly answered: Promise<void> } {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const id = ++this.#last;
    this.#pending = [...this.#pending, { id, ask, resolve, reject }];
    return { id, answered: promise };
  }

  get size(): number {
    return this.#pending.length;
  }

  /** The requests whose outcome this state records. */
  answeredBy(state: RunState): number[] {
    const answered: number[] = [];
    for (const pending of this.#pending) {
      if (pending.ask.type !== 'decide') continue;
      const result = processedMessage(state, pending.ask.messageId);
      if (result === undefined) continue;
      pending.result = result;
      answered.push(pending.id);
    }
    return answered;
  }

  /** The message of a request for the current state. Undefined if the user was answered instead. */
  messageOf(id: number, state: RunState): InboxEvent | undefined {
    const pending = this.#find(id);
    if (pending === undefined) return undefined;
    const { ask } = pending;
    if (ask.type === 'resume' || ask.type === 'follow') return undefined;
    if (ask.type === 'cancel') return ask.message;
    const isProcessed = processedMessage(state, ask.messageId) !== undefined;
    if (!isProcessed && ask.problem(state) === undefined) return ask.messageFor(state);
    this.answeredBy(state);
    this.answer(id, state, undefined);
    return undefined;
  }

  /** Answers the user with the result that the run records. `stopError`: the reason if driving stopped before that. */
  answer(id: number, state: RunState, stopError: unknown): void {
    const pending = this.#take(id);
    if (pending === undefined) return;
    const { ask, result, resolve, reject } = pending;
    if (ask.type === 'decide' && result?.result !== 'applied') {
      // Another message, or the end of the run, may have come before the decision.
      const problem = result ?? (stopError === undefined ? ask.problem(state) : undefined);
      if (problem !== undefined) return reject(problemError(problem));
    }
    if (result === undefined && stopError !== undefined) reject(stopError);
    else resolve();
  }

  refuse(id: number, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#find(id);
    this.#pending = this.#pending.filter((one) => one !== pending);
    return pending;
  }

  #find(id: number): Pending | undefined {
    return this.#pending.find((one) => one.id === id);
  }
}

function problemError(problem: MessageProblem): LonghaulError {
  return 'callId' in problem
    ? new DecisionError(problem.callId, problem.reason)
    : new LonghaulError(problem.code, problem.reason);
}
