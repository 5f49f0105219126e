import type { Decision, RunInput } from '@longhaul/core';
import type { QueuedInput } from './queue/queued-input.ts';

export interface SendOptions {
  /**
   * The effect while the last turn is active. `queue`: the input waits, and becomes the next turn. `steer`: the input
   * goes into the active turn, with its next request to the model; if there is none, it joins the queue. `refuse`: the
   * promise rejects with the code `busy`.
   *
   * @default 'queue'
   */
  readonly whileActive?: 'steer' | 'queue' | 'refuse';
  /** The title of a new conversation. Later turns do not change it. @default the first words of the first input */
  readonly title?: string;
}

export interface DecideOptions {
  /** The run of the call. @default the newest loaded run in which the call waits */
  readonly runId?: string;
}

/** Actions on a thread. Every function is bound and stays the same between renders. */
export interface AgentThreadActions {
  /**
   * Sends the next turn. While the last turn is active, the input waits in `queue`, or see `whileActive`. After `stop`
   * and after a failure, the waiting inputs are sent with it, as one turn. Resolves when the turn has started, or when
   * the input waits. The input stays in the storage of the page until its run is saved, so that the next page sends it
   * if this one is closed before that.
   */
  send(input: RunInput, options?: SendOptions): Promise<void>;
  /**
   * Removes an input from the queue, soon after the call, and returns it, for example to edit it. Undefined if it does
   * not wait, and if another page is sending it.
   */
  unqueue(id: string): QueuedInput | undefined;
  /** Cancels the active turn. The text that was read stays in the conversation. Inputs in the queue wait. */
  stop(): Promise<void>;
  /** Continues a turn that has ended, without input and as the same turn. No tool is executed again. */
  retry(runId: string): Promise<void>;
  /**
   * Asks another question in place of the one of this turn. A text replaces the text of the question and keeps its files.
   * A list replaces all of it. Stops the active turn first. The input is lost if the page closes before its run is saved.
   */
  edit(runId: string, input: RunInput): Promise<void>;
  /** Asks the question of this turn again. Its tools run again. Stops the active turn first. */
  regenerate(runId: string): Promise<void>;
  /** Shows the branch of this run: a version in `turn.siblings`. */
  show(runId: string): void;
  approve(callId: string, options?: DecideOptions): Promise<void>;
  deny(callId: string, reason?: string, options?: DecideOptions): Promise<void>;
  submitToolOutput(callId: string, output: unknown, options?: DecideOptions): Promise<void>;
  /** Submits several decisions about calls of one run together. Either all are accepted or none. */
  respond(decisions: readonly Decision[], options?: DecideOptions): Promise<void>;
}
