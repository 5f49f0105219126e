import type { Failure } from '../engine/policy/failure.ts';
import type { Response as ResponseObject } from '../wire/response.ts';

/** What became of a request. Nothing here rejects: every way a request can go is a case. */
export type Answer =
  | { readonly kind: 'response'; readonly response: ResponseObject; readonly pollAfterMs: number | undefined }
  | { readonly kind: 'stream'; readonly events: AsyncIterable<readonly unknown[]> }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly pollAfterMs: number | undefined;
      /** The error that was thrown, or one that says what was answered: for whoever is told of the run's end. */
      readonly cause?: unknown;
    };
