import { abortReason } from '../../clock/abort-reason.ts';
import type { Clock } from '../../clock/clock.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { Tool } from '../../agent/tool.ts';
import type { ToolCallView } from '../../engine/view/run-view.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { PageCall } from './page-call.ts';
import type { WatchedRun } from './watched-run.ts';
import type { ServerAccess } from './server-access.ts';

/** The calls of one run that this page answers, by iteration and id. */
type CallsOfRun = Map<string, PageCall>;

/**
 * Executes the calls of a page's tools, for the runs that the page observes. A call waits for an output in the view. The
 * page leases it first, so that at most one page executes it.
 */
export class PageTools {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #server: ServerAccess;
  readonly #clock: Clock;
  readonly #runs = new WeakMap<WatchedRun, CallsOfRun>();

  constructor(tools: readonly Tool[], server: ServerAccess, clock: Clock) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#server = server;
    this.#clock = clock;
  }

  /** The view or the observers of the run have changed. */
  changed(run: WatchedRun): void {
    if (this.#tools.size === 0) return;
    const calls = this.#runs.get(run) ?? new Map<string, PageCall>();
    this.#runs.set(run, calls);
    const { toolCalls, status } = run.view;
    for (const call of toolCalls) {
      const key = `${call.iteration}/${call.callId}`;
      const isAwaited = call.status === 'awaiting_output' && !isTerminalRun(status);
      calls.get(key)?.changed(isAwaited ? call : undefined);
      const tool = isAwaited && run.isObserved ? this.#toolOf(call) : undefined;
      // This page executes a call once. It repeats only an idempotent call whose lease it has lost.
      const isNew = !calls.has(key) || (tool?.idempotent === true && calls.get(key)?.isLost === true);
      if (tool !== undefined && isNew)
        calls.set(key, new PageCall({ run, tool, server: this.#server, clock: this.#clock }, call));
    }
    // A new attempt of the iteration removes its calls.
    const keys = new Set(toolCalls.map(({ iteration, callId }) => `${iteration}/${callId}`));
    for (const [key, call] of calls) if (!keys.has(key)) call.changed(undefined);
  }

  #toolOf({ name, namespace }: ToolCallView): Tool | undefined {
    // If tool search has loaded a tool, the API sends its name as the namespace.
    return namespace === undefined || namespace === name ? this.#tools.get(name) : undefined;
  }

  /** Aborts the run's tools after `graceMs` milliseconds. Resolves when they have ended. */
  async abort(run: WatchedRun, graceMs: number): Promise<void> {
    const calls = [...(this.#runs.get(run)?.values() ?? [])];
    const ended = Promise.all(calls.map((call) => call.ended)).then(() => undefined);
    await withTimeout(graceMs, this.#clock, ended, () => undefined);
    for (const call of calls) call.abort(abortReason);
    await ended;
  }
}
