import { applyEvent } from '../../src/engine/view/apply-event.ts';
import { emptyView } from '../../src/engine/view/empty-view.ts';
import type { RunEvent, RunEventBody } from '../../src/engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../src/engine/view/run-view.ts';
import { noUsage } from '../../src/wire/usage.ts';

/** A run as a server holds it: its view, and the numbered events that it still has. */
export class ServedRun {
  readonly id: string;
  readonly #listeners = new Set<() => void>();
  events: RunEvent[] = [];
  view: RunView = emptyView;
  seq = 0;
  /** The lease of each call. */
  readonly leases: Map<string, { readonly leaseId: string; readonly expiresAt: number }> = new Map();

  constructor(id: string, agent: string, input: RunView['input']) {
    this.id = id;
    const place = { threadId: id, metadata: {} };
    this.emit({ type: 'run.started', runId: id, agent, ...place, input, status: 'queued', createdAt: 1 });
  }

  get over(): boolean {
    return isTerminalRun(this.view.status);
  }

  emit(...bodies: readonly RunEventBody[]): void {
    for (const body of bodies) {
      const event: RunEvent = { ...body, seq: this.seq + 1, at: this.seq + 1 };
      this.seq = event.seq;
      this.events.push(event);
      this.view = applyEvent(this.view, event);
    }
    this.changed();
  }

  /** Begins an iteration whose response streams a message. */
  stream(iteration = 0): void {
    const attempts = [
      {
        responseId: 'resp_1',
        strategy: 'first',
        status: 'in_progress',
        mode: 'stream',
        polls: 0,
        reconnects: 0,
      },
    ] as const;
    const waiting = {
      mode: 'stream',
      responseId: 'resp_1',
      responseStatus: 'in_progress',
      attempt: 0,
      startedAt: 1,
    } as const;
    const request = { model: 'm', input: [], background: true };
    this.emit(
      { type: 'iteration.started', iteration, attempt: 0, strategy: 'first', mode: 'stream', request },
      { type: 'stream.connected', iteration, attempts, waiting },
      { type: 'run.status', status: 'in_progress' },
      {
        type: 'item.added',
        iteration,
        outputIndex: 0,
        item: { type: 'message', id: 'msg_1', role: 'assistant', content: [] },
      },
    );
  }

  text(delta: string, iteration = 0): void {
    this.emit({ type: 'text.delta', iteration, outputIndex: 0, contentIndex: 0, delta });
  }

  /** Ends the run with the text that has streamed. */
  complete(): void {
    this.emit({ type: 'run.ended', status: 'completed', usage: noUsage });
  }

  /** Shows a call that waits for a person or a page. */
  ask(
    callId: string,
    name: string,
    kind: 'approval' | 'output' = 'approval',
    args = '{}',
    iteration = 0,
  ): void {
    const item = { type: 'function_call', id: `fc_${callId}`, call_id: callId, name, arguments: args };
    const outputIndex = this.view.items.length;
    this.emit(
      { type: 'item.done', iteration, outputIndex, item },
      { type: 'decision.needed', iteration, callId, name, kind },
      { type: 'run.status', status: 'requires_action' },
    );
  }

  /** A save has a number of its own, and lacks the text of the response that streams. */
  save(): { readonly view: RunView; readonly seq: number } {
    this.seq += 1;
    const { iteration } = this.view;
    const items = this.view.items.filter((item) => item.iteration !== iteration || item.done);
    return { view: { ...this.view, items, text: '' }, seq: this.seq };
  }

  /** Forgets its events, as a process that has started again. */
  forgetEvents(): void {
    this.seq += 1;
    this.events = [];
  }

  /** The events after a number. Undefined if they are not held, so that the view must be sent. */
  after(seq: number): readonly RunEvent[] | undefined {
    if (seq === this.seq) return [];
    const at = this.events.findIndex((event) => event.seq === seq);
    return at < 0 ? undefined : this.events.slice(at + 1);
  }

  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
