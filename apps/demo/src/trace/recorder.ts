import { isTerminalRun, type Run, type RunEvent, type Runner } from '@longhaul/core';
import { leftWithPage } from './observe-fetch.ts';
import type { TraceDatabase } from './trace-database.ts';
import { isTraced, mergeTrace, noTrace, type Trace } from './trace-entry.ts';
import type { WireSpan } from './wire-span.ts';

/** Records the events and requests of each run, keeps them after a reload, and notifies listeners. */
export interface Recorder {
  /** Records every run that the runner has loaded or loads later. */
  follow(runner: Runner): () => void;
  /** Adds a span. A span with an unknown response id waits until an event of a run contains the id. */
  takeSpan(span: WireSpan): void;
  /** Adds events that were recorded elsewhere. */
  takeEvents(runId: string, events: readonly RunEvent[]): void;
  /** Returns the trace of a run: a new object after each change. The first call also loads the saved trace. */
  read(runId: string): Trace;
  subscribe(listener: () => void): () => void;
  forget(runId: string): void;
}

/** Milliseconds for which changes are collected before they are saved. */
const saveAfterMs = 400;

export function createRecorder(database: TraceDatabase): Recorder {
  const traces = new Map<string, Trace>();
  const loaded = new Set<string>();
  const followed = new WeakSet<Run>();
  const runOfResponse = new Map<string, string>();
  const unassigned = new Map<string, WireSpan>();
  const unsaved = new Map<string, Trace>();
  const open = new Map<string, WireSpan>();
  const listeners = new Set<() => void>();
  let saving: ReturnType<typeof setTimeout> | undefined;

  function add(runId: string, more: Trace, isNew: boolean): void {
    traces.set(runId, mergeTrace(traces.get(runId) ?? noTrace, more));
    if (isNew) {
      unsaved.set(runId, mergeTrace(unsaved.get(runId) ?? noTrace, more));
      saving ??= setTimeout(save, saveAfterMs);
    }
    for (const listener of listeners) listener();
  }

  function save(): void {
    saving = undefined;
    for (const [runId, trace] of unsaved) void database.save(runId, trace);
    unsaved.clear();
  }

  function assignSpans(runId: string, event: RunEvent): void {
    if (!('responseId' in event) || event.responseId === null) return;
    runOfResponse.set(event.responseId, runId);
    const spans = [...unassigned.values()].filter((span) => span.responseId === event.responseId);
    for (const { id } of spans) unassigned.delete(id);
    if (spans.length > 0) add(runId, { events: [], spans }, true);
  }

  async function record(run: Run, after?: number): Promise<void> {
    let last = after;
    for await (const event of run.events(last === undefined ? {} : { after: last })) {
      last = event.seq;
      if (!isTraced(event)) continue;
      assignSpans(run.id, event);
      add(run.id, { events: [event], spans: [] }, true);
    }
    // Events also end when driving stops. They continue when the run is driven again.
    if (isTerminalRun(run.view.status)) return;
    const leave = run.subscribe(() => {
      if (run.view.driver === 'none') return;
      leave();
      void record(run, last);
    });
  }

  function load(runId: string): void {
    if (loaded.has(runId)) return;
    loaded.add(runId);
    void database.load(runId).then((trace) => {
      for (const event of trace.events) assignSpans(runId, event);
      add(runId, trace, false);
    });
  }

  function takeSpan(span: WireSpan): void {
    if (span.endedAt === undefined) open.set(span.id, span);
    else open.delete(span.id);
    const runId = span.runId ?? runOfResponse.get(span.responseId ?? '');
    if (runId === undefined) unassigned.set(span.id, span);
    else add(runId, { events: [], spans: [span] }, true);
  }

  // Save before the page closes, and end the pending spans.
  addEventListener('pagehide', () => {
    const endedAt = Date.now();
    for (const span of [...open.values()]) takeSpan({ ...span, endedAt, problem: leftWithPage });
    save();
  });

  return {
    follow: (runner) => {
      const recordRuns = (): void => {
        for (const run of runner.runs) {
          if (followed.has(run)) continue;
          followed.add(run);
          load(run.id);
          void record(run);
        }
      };
      recordRuns();
      return runner.subscribe(recordRuns);
    },
    takeSpan,
    takeEvents: (runId, events) => {
      load(runId);
      add(runId, { events: events.filter(isTraced), spans: [] }, true);
    },
    read: (runId) => {
      load(runId);
      return traces.get(runId) ?? noTrace;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forget: (runId) => {
      traces.delete(runId);
      unsaved.delete(runId);
      void database.forget(runId);
    },
  };
}
