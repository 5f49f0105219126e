import { onCallAnswered, onCallFailed } from './call-answers.ts';
import { onContextFailed, onContextGiven } from './context.ts';
import { onAsk, onAskSettled, onDetach, onHello, onHint, onLooked } from './user-requests.ts';
import { onClaimLost, onFacts, onHalted } from './loop-reports.ts';
import { proceed } from './proceed.ts';
import type { OwnershipCommand } from './ownership-command.ts';
import type { OwnershipEvent } from './ownership-event.ts';
import type { Ownership } from './ownership.ts';
import { OwnershipStep } from './ownership-step.ts';

/**
 * Decides which process drives a run: the next state and commands of this process after an event. The function is pure,
 * like the engine's `transition`. Events come from the store, the loop and the user, and commands go to them.
 *
 * The invariants, which `packages/core/test/ownership` explores over every order of events in small worlds:
 *
 * - O1 A loop runs only while its process holds the claim, or does not know yet that it lost the claim.
 * - O2 A process that neither drives nor is about to drive releases the claim.
 * - O3 A posted message stays in the inbox until a save records its result.
 * - O4 A decision is reported as accepted only after a save records it, and as refused only if it has no effect.
 * - O5 Every request of the user is answered.
 * - O6 Every run that is not over is driven, or waits for a person, or is followed by a process that can take it over.
 * - O7 `detach` ends without an answer of the store.
 * - O8 A process that follows the driver of a run receives the events that the driver does not save.
 * - O9 A driver's first save is never refused, unless its claim has expired.
 * - O10 Resumes and saves end: a process drives a run only after a request, a message, or the end of a claim.
 * - O11 The view names the driver that this process knows of.
 * - O12 Driving ends only with the run, by `detach`, or by a failure.
 * - O13 Without requests and failures, all processes stop acting: they do not take the claim from each other endlessly.
 * - O14 A deleted run is not saved again, and its requests and saves do not reach another run with its id.
 * - O15 If the runner provides the context, a loop starts and continues only after the context was provided, since this
 *   process began to drive the run and since the run waited for a person; or to cancel the run.
 *
 * And of the runs of a queue: Q1 to Q3, see `queue-store.ts`.
 */
export function nextOwnership(ownership: Ownership, event: OwnershipEvent): [Ownership, OwnershipCommand[]] {
  const step = new OwnershipStep(ownership);
  handle(step, event);
  proceed(step);
  return [step.state, step.commands];
}

function handle(step: OwnershipStep, event: OwnershipEvent): void {
  switch (event.type) {
    case 'begun':
      return;
    case 'resume':
    case 'follow':
    case 'decide':
    case 'cancel':
      return onAsk(step, event);
    case 'ask_settled':
      return onAskSettled(step, event.ask);
    case 'detach':
      return onDetach(step);
    case 'hello':
      return onHello(step);
    case 'hint':
      return onHint(step, event.hint);
    case 'looked':
      return onLooked(step, event);
    case 'stepped':
      return onFacts(step, event);
    case 'halted':
      return onHalted(step);
    case 'claim_lost':
      return onClaimLost(step);
    case 'failed':
      return onCallFailed(step, event);
    case 'context_given':
      return onContextGiven(step, event.request);
    case 'context_failed':
      return onContextFailed(step, event.request);
    case 'claim_answered':
    case 'loaded':
    case 'received':
    case 'posted':
    case 'flushed':
    case 'drained':
    case 'paused':
    case 'park_answered':
      return onCallAnswered(step, event);
  }
}
