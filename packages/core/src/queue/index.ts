export { createWorker, type Worker } from './create-worker.ts';
export { queueRunner, type QueueRunnerOptions } from './queue-runner.ts';
export type { WorkerOptions } from './worker-options.ts';
