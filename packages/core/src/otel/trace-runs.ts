import { trace, type Tracer } from '@opentelemetry/api';
import type { Run } from '../run/run.ts';
import type { Runner } from '../run/runner.ts';
import { RunTrace } from './run-trace.ts';

export interface TraceRunsOptions {
  /** @default the tracer `@longhaul/core` of the global provider */
  readonly tracer?: Tracer;
}

async function follow(run: Run, tracer: Tracer): Promise<void> {
  const spans = new RunTrace(tracer, run.id);
  try {
    for await (const event of run.events()) spans.add(event);
  } finally {
    // The run may continue in another process after a detach or a takeover.
    spans.end();
  }
}

/**
 * Traces every run of a runner by OpenTelemetry's GenAI conventions:
 *
 * - `invoke_agent`: a span for the run
 * - `chat`: a span for each create, with all its polls and reconnects
 * - `execute_tool`: a span for each execution of a tool
 *
 * Messages, arguments and results are not recorded. The spans are derived from the runs' events, without support of the
 * loop.
 *
 * @returns a function that stops tracing new runs; runs that are already traced are traced to their end
 * @example
 * import { traceRuns } from '@longhaul/core/otel';
 * traceRuns(runner);
 */
export function traceRuns(runner: Runner, options: TraceRunsOptions = {}): () => void {
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
