import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/** A decision that is invalid, cannot be sent, or does not fit the state of its call. It has no effect. */
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
