import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/** A decision for a call that does not wait for one, or waits for another kind. It has no effect. */
export class DecisionError extends LonghaulError {
  static {
    this.prototype.name = 'DecisionError';
  }

  readonly callId: string;

  constructor(callId: string, message: string) {
    super('decision', message);
    this.callId = callId;
  }

  static override isInstance(value: unknown): value is DecisionError {
    return isErrorNamed(value, 'DecisionError');
  }
}
