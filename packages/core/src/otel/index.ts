export { traceRuns, type TraceRunsOptions } from './trace-runs.ts';
