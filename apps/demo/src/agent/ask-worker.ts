import { retryOnFailure } from '../retry-on-failure.ts';

/** The messages of the demo's workers: `ready` once, any number of `progress`, then one message of another type. */
export type WorkerReply<Result, Progress = never> =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly message: string };

/** Starts a worker, and waits until its script runs. */
function started(newWorker: () => Worker, signal: AbortSignal): Promise<Worker> {
  return retryOnFailure(async () => {
    signal.throwIfAborted();
    const worker = newWorker();
    await new Promise<void>((resolve, reject) => {
      worker.addEventListener('message', () => resolve(), { once: true });
      worker.addEventListener('error', () => reject(new Error('The worker could not be started.')), {
        once: true,
      });
    });
    return worker;
  });
}

/**
 * Sends one task to a new worker, and terminates the worker after the result. The task runs in the worker's thread, so
 * the page stays responsive, and the signal can stop a query or a simulation that takes too long.
 */
export async function askWorker<Result, Progress = never>(
  newWorker: () => Worker,
  question: unknown,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<Result> {
  const worker = await started(newWorker, signal);
  const abort = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      const stop = (): void =>
        reject(signal.reason instanceof Error ? signal.reason : new Error('The work was stopped.'));
      signal.addEventListener('abort', stop, { signal: abort.signal });
      worker.addEventListener('error', (event) => reject(new Error(event.message)));
      worker.addEventListener('message', ({ data: reply }: MessageEvent<WorkerReply<Result, Progress>>) => {
        if (reply.type === 'progress') onProgress?.(reply.progress);
        if (reply.type === 'done') resolve(reply.result);
        if (reply.type === 'failed') reject(new Error(reply.message));
      });
      if (signal.aborted) stop();
      else worker.postMessage(question);
    });
  } finally {
    abort.abort();
    worker.terminate();
  }
}
