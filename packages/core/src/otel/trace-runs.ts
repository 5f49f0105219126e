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
    // Detached, or taken over elsewhere: the run goes on without us.
    spans.end();
  }
}

/**
 * Traces every run of a runner by OpenTelemetry's GenAI conventions: a span for the run (`invoke_agent`), one for each
 * create with all its polls and reconnects (`chat`), one for each execution of a tool (`execute_tool`). What was said,
 * arguments and results are not recorded. The spans are made from the runs' events, so the loop knows nothing of them.
 *
 * @returns stops tracing runs that start from then on
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
