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
