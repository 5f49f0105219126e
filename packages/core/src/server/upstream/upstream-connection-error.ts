import { LonghaulError } from '../../errors/longhaul-error.ts';

/** No complete answer arrived from the API. */
export class UpstreamConnectionError extends LonghaulError {
  static {
    this.prototype.name = 'UpstreamConnectionError';
  }

  /** Whether the request may have arrived. A create may then have started a job. */
  readonly mayHaveArrived: boolean;

  constructor(mayHaveArrived: boolean, cause: unknown) {
    super('upstream_connection', 'The connection to the API failed.', { cause });
    this.mayHaveArrived = mayHaveArrived;
  }
}
