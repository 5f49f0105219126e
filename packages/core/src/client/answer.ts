import type { Failure } from '../engine/policy/failure.ts';
import type { Response as ResponseObject } from '../wire/response.ts';

/** The result of a request. `sendRequest` never rejects; each failure is a case of this union. */
export type Answer =
  | { readonly kind: 'response'; readonly response: ResponseObject; readonly pollAfterMs: number | undefined }
  | { readonly kind: 'stream'; readonly events: AsyncIterable<readonly unknown[]> }
  /** Only the request that deletes a response has this answer. */
  | { readonly kind: 'deleted'; readonly pollAfterMs: number | undefined }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly pollAfterMs: number | undefined;
      /** The thrown error, or an error that describes the answer. It becomes the cause of the run's error. */
      readonly cause?: unknown;
    };
