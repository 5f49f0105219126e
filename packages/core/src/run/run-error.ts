import { isErrorNamed, LonghaulError } from '../errors/longhaul-error.ts';
import type { RunView } from '../engine/view/run-view.ts';

/** A run ended, but not as `completed`. `view` is its final view; `code` is the server's, if it sent one. */
export class RunError extends LonghaulError {
  static {
    this.prototype.name = 'RunError';
  }

  readonly runId: string;
  readonly view: RunView;

  constructor(code: string, message: string, view: RunView, options: { readonly cause?: unknown } = {}) {
    super(code, message, options);
    this.runId = view.runId;
    this.view = view;
  }

  static override isInstance(value: unknown): value is RunError {
    return isErrorNamed(value, 'RunError');
  }
}

/** The run failed, for example by an error of the server. Continue it with `continueFrom`, or start it again. */
export class RunFailedError extends RunError {
  static {
    this.prototype.name = 'RunFailedError';
  }

  static override isInstance(value: unknown): value is RunFailedError {
    return isErrorNamed(value, 'RunFailedError');
  }
}

/** The model stopped early (`max_output_tokens`, `content_filter`, …). `view.text` has the text up to there. */
export class RunIncompleteError extends RunError {
  static {
    this.prototype.name = 'RunIncompleteError';
  }

  static override isInstance(value: unknown): value is RunIncompleteError {
    return isErrorNamed(value, 'RunIncompleteError');
  }
}

/** The run was cancelled: by `cancel()`, by its `signal`, or by another client at the server. */
export class RunCancelledError extends RunError {
  static {
    this.prototype.name = 'RunCancelledError';
  }

  static override isInstance(value: unknown): value is RunCancelledError {
    return isErrorNamed(value, 'RunCancelledError');
  }
}

/** A limit ended a run: `max_iterations`, `run_timeout`, `queued_timeout`, `tool_errors`, `token_limit`, `max_calls`. */
export class RunLimitError extends RunError {
  static {
    this.prototype.name = 'RunLimitError';
  }

  static override isInstance(value: unknown): value is RunLimitError {
    return isErrorNamed(value, 'RunLimitError');
  }
}
