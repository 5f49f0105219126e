import { trace, type Tracer } from '@opentelemetry/api';
import { isTerminalRun } from '../engine/view/run-view.ts';
import { hasMethods, mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { Run } from '../run/run.ts';
import type { Runner } from '../run/runner.ts';
import { RunTrace } from './run-trace.ts';

export interface TraceRunsOptions {
  /** @default the tracer `@longhaul/core` of the global provider */
  readonly tracer?: Tracer;
}

/** Traces a run from its first event in this process, or after the event `after`. */
async function follow(run: Run, tracer: Tracer, after?: number): Promise<void> {
  const spans = new RunTrace(tracer, run.id);
  let lastSeq = after;
  try {
    for await (const event of run.events(lastSeq === undefined ? {} : { after: lastSeq })) {
      spans.add(event);
      lastSeq = event.seq;
    }
  } finally {
    // The run may continue in another process after a detach or a takeover.
    spans.end();
  }
  if (!isTerminalRun(run.view.status)) followOnceResumed(run, tracer, lastSeq);
}

/** A detached run is resumed with the same handle, and gets another trace. */
function followOnceResumed(run: Run, tracer: Tracer, after: number | undefined): void {
  const unsubscribe = run.subscribe(() => {
    if (run.view.driver === 'none') return;
    unsubscribe();
    void follow(run, tracer, after);
  });
}

/**
 * Traces every run of a runner by OpenTelemetry's GenAI conventions:
 *
 * - `invoke_agent`: a span for the run
 * - `chat`: a span for each attempt of an iteration, which is a create with its repetitions, polls and reconnects
 * - `execute_tool`: a span for each execution of a tool
 *
 * The messages of the conversation, arguments and results are not recorded. The messages of errors are. The spans are
 * derived from the runs' events, without support of the loop.
 *
 * @returns a function that stops tracing new runs; runs that are already traced are traced to their end
 * @throws ConfigurationError if an option is invalid
 * @example
 * import { traceRuns } from '@longhaul/core/otel';
 * traceRuns(runner);
 */
export function traceRuns(runner: Runner, options: TraceRunsOptions = {}): () => void {
  mustBeOptions(options, 'traceRuns', { tracer: 'any' });
  const isTracer = options.tracer === undefined || hasMethods(options.tracer, ['startSpan']);
  mustBe(isTracer, 'traceRuns', 'tracer', 'a Tracer of OpenTelemetry');
  const tracer = options.tracer ?? trace.getTracer('@longhaul/core');
  const followed = new WeakSet<Run>();
  const look = (): void => {
    for (const run of runner.runs) {
      if (followed.has(run)) continue;
      followed.add(run);
      void follow(run, tracer);
    }
  };
  look();
  return runner.subscribe(look);
}
