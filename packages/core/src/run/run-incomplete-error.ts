import { isErrorNamed } from '../errors/longhaul-error.ts';
import { RunError } from './run-error.ts';

/** The model stopped early (`max_output_tokens`, `content_filter`, …). `view.text` has the text up to there. */
export class RunIncompleteError extends RunError {
  static {
    this.prototype.name = 'RunIncompleteError';
  }

  static override isInstance(value: unknown): value is RunIncompleteError {
    return isErrorNamed(value, 'RunIncompleteError');
  }
}
