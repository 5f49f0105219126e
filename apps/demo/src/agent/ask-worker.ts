/** What the demo's workers post back: any number of `progress`, then one of the others. */
export type WorkerReply<Result, Progress = never> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly message: string };

/**
 * Gives one piece of work to a fresh worker and ends it with the answer. A query or a simulation that runs away is
 * stopped by the signal, as a thread of its own can be, while the page stays responsive.
 */
export function askWorker<Result, Progress = never>(
  worker: Worker,
  question: unknown,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const stop = (): void => {
      worker.terminate();
      signal.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      stop();
      reject(signal.reason instanceof Error ? signal.reason : new Error('The work was stopped.'));
    };
    worker.addEventListener('message', ({ data: reply }: MessageEvent<WorkerReply<Result, Progress>>) => {
      if (reply.type === 'progress') {
        onProgress?.(reply.progress);
        return;
      }
      stop();
      if (reply.type === 'done') resolve(reply.result);
      else reject(new Error(reply.message));
    });
    worker.addEventListener('error', (event) => {
      stop();
      reject(new Error(event.message || 'The worker could not be started.'));
    });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else worker.postMessage(question);
  });
}
