import { applyEvent } from '../../../engine/view/apply-event.ts';
import type { RunEvent } from '../../../engine/view/run-event.ts';
import { isTerminalRun, type RunView } from '../../../engine/view/run-view.ts';
import type { DrivenRun } from '../../../run/driving-runner.ts';
import { redactEvent } from '../redact/redact-event.ts';
import { redactView } from '../redact/redact-view.ts';
import type { Redaction } from '../redact/redaction.ts';
import { Frame } from './frame.ts';
import { FrameBuffer } from './frame-buffer.ts';

/** The part of a run that a feed uses. */
export type WatchedRun = Pick<DrivenRun, 'id' | 'view' | 'seq' | 'events' | 'subscribe'>;

/** `over`: the run has ended. `broken`: this process no longer drives or follows it. */
export type FeedState = 'open' | 'over' | 'broken';

/**
 * The events of a run in this process, as pages may see them. All pages that watch the run share it, so each event is
 * redacted and serialized once.
 */
export class RunFeed {
  readonly run: WatchedRun;
  readonly #redaction: Redaction;
  readonly #report: (error: unknown) => void;
  readonly #frames: FrameBuffer;
  readonly #listeners = new Set<() => void>();
  readonly #events: AsyncIterator<RunEvent>;
  readonly #unsubscribe: () => void;
  /** The view after the last event, not redacted: the redaction of the next event depends on it. */
  #view: RunView;
  #seq: number;
  #state: FeedState = 'open';
  /** The whole view as a frame, for pages that lack events before it. */
  #whole: Frame | undefined;

  constructor(run: WatchedRun, redaction: Redaction, report: (error: unknown) => void) {
    this.run = run;
    this.#redaction = redaction;
    this.#report = report;
    this.#view = run.view;
    this.#seq = run.seq;
    this.#frames = new FrameBuffer(run.seq);
    this.#events = run.events({ after: run.seq })[Symbol.asyncIterator]();
    this.#unsubscribe = run.subscribe(() => this.#compare());
    void this.#read();
  }

  get state(): FeedState {
    return this.#state;
  }

  get seq(): number {
    return this.#seq;
  }

  get frames(): Pick<FrameBuffer, 'first' | 'end' | 'at' | 'numberAfter'> {
    return this.#frames;
  }

  /** The current view as an event that replaces all events so far. It is serialized when a page asks for it. */
  get whole(): Frame {
    return (this.#whole ??= this.#frame(this.#viewEvent()));
  }

  /**
   * States that no process drives the run. A page that connects again may have missed this change, which has the number
   * of the event before it. Undefined for a run that has a driver, has ended, or only waits for a person.
   */
  get lossOfDriver(): Frame | undefined {
    const { status, driver, updatedAt } = this.#view;
    const isLost = driver === 'none' && status !== 'requires_action' && !isTerminalRun(status);
    return isLost ? this.#frame({ type: 'run.driver', driver, seq: this.#seq, at: updatedAt }) : undefined;
  }

  /** Calls `listener` after each frame, and after a change of `state`. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#unsubscribe();
    void this.#events.return?.();
  }

  async #read(): Promise<void> {
    try {
      for (let next = await this.#events.next(); next.done !== true; next = await this.#events.next())
        this.#add(next.value);
      this.#compare();
      this.#state = isTerminalRun(this.#view.status) ? 'over' : 'broken';
    } catch (error) {
      this.#state = 'broken';
      this.#report(error);
    }
    this.#unsubscribe();
    this.#changed();
  }

  #add(event: RunEvent): void {
    const before = this.#view;
    this.#show(applyEvent(before, event));
    this.#seq = event.seq;
    this.#push(redactEvent(event, before, this.#redaction));
    this.#compare();
  }

  /** A process that follows the run shows another driver, and the end of the run, without a numbered event. */
  #compare(): void {
    const { run } = this;
    if (this.#state !== 'open' || run.seq !== this.#seq) return;
    const { view } = run;
    const { status, driver } = this.#view;
    if (view.status === status && view.driver === driver) return;
    this.#show(view);
    this.#push(
      view.status === status
        ? { type: 'run.driver', driver: view.driver, seq: this.#seq, at: view.updatedAt }
        : this.#viewEvent(),
    );
  }

  #show(view: RunView): void {
    this.#view = view;
    this.#whole = undefined;
  }

  #push(shown: RunEvent): void {
    this.#frames.push(this.#frame(shown));
    this.#changed();
  }

  #frame(shown: RunEvent): Frame {
    return new Frame(this.run.id, shown);
  }

  #viewEvent(): RunEvent {
    const view = redactView(this.#view, this.#redaction);
    return { type: 'view', view, seq: this.#seq, at: view.updatedAt };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
