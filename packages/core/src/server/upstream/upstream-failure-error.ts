import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';

/** An answer of the API that the client must not receive. Passed to `onError`. */
export class UpstreamFailureError extends LonghaulError {
  static {
    this.prototype.name = 'UpstreamFailureError';
  }

  readonly status: number;
  /** The API's error, without the key. */
  readonly error: JsonObject | undefined;

  constructor(status: number, error: JsonObject | undefined) {
    const said: JsonValue | undefined = error?.['message'];
    super('upstream_failure', `The API answered ${status}${typeof said === 'string' ? `: ${said}` : ''}`);
    this.status = status;
    this.error = error;
  }
}
