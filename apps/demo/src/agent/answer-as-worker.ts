import type { WorkerReply } from './ask-worker.ts';

/**
 * The worker's side of `askWorker`: posts `ready`, then answers each message with the result of `answer`.
 *
 * @param answer Computes the result, and may report progress
 */
export function answerAsWorker<Question, Result, Progress = never>(
  answer: (question: Question, progress: (progress: Progress) => void) => Promise<Result>,
): void {
  const reply = (message: WorkerReply<Result, Progress>): void => self.postMessage(message);
  self.addEventListener('message', ({ data: question }: MessageEvent<Question>) => {
    answer(question, (progress) => reply({ type: 'progress', progress })).then(
      (result) => reply({ type: 'done', result }),
      (error: unknown) =>
        reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
  reply({ type: 'ready' });
}
