import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { errorAsData } from '../error-as-data.ts';

/** The error if driving or following ends before the run. `failure`: the error of the store, if `why` is `failed`. */
export function stopError(
  runId: string,
  why: 'detached' | 'not_found' | 'conflict' | 'failed' | 'parked' | 'lost',
  failure: unknown,
): LonghaulError {
  switch (why) {
    case 'detached':
      return new LonghaulError(
        'detached',
        `Run ${runId} was detached. Its job continues at the server; resume the run to continue.`,
      );
    case 'not_found':
      return new LonghaulError('not_found', `Run ${runId} is no longer in the store.`);
    case 'conflict': {
      const cause = new StoreError(
        'conflict',
        `Run ${runId} already exists, or another process holds the claim on its id. Nothing was sent.`,
      );
      return notDriven(runId, cause);
    }
    case 'failed':
      return notDriven(runId, failure);
    case 'parked':
      return new LonghaulError('parked', `Run ${runId} waits. A worker of its queue continues it.`);
    case 'lost': {
      const message = `Run ${runId} is no longer driven here: this worker no longer has its job.`;
      return new LonghaulError('driven_elsewhere', message);
    }
  }
}

function notDriven(runId: string, cause: unknown): LonghaulError {
  const { code, message } = errorAsData(cause, 'internal');
  return new LonghaulError(code, `Run ${runId} is no longer driven here: ${message}`, { cause });
}
