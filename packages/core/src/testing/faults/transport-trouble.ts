import type { Emulation } from '../emulation.ts';
import { failure, type Answer } from '../http/answer.ts';
import { httpError } from '../http/http-error.ts';
import { strikes } from './fault-list.ts';
import type { FaultNamed, Occasion } from './fault.ts';

/** A request, as far as transport faults tell requests apart. */
export interface Struck {
  readonly occasion: Occasion;
  readonly leg: number | undefined;
}

function broken(code: string, reason: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(reason), { code }) });
}

/** Rejects when the connection is to be refused. */
export function refuse({ faults }: Emulation, { occasion, leg }: Struck): void {
  if (faults.take('refused', leg, (fault) => strikes(fault.on, occasion)) === undefined) return;
  throw broken('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:443');
}

function httpAnswer(fault: FaultNamed<'http'>): Answer {
  const error = httpError(fault);
  const answer: Answer =
    fault.envelope === false
      ? {
          kind: 'text',
          status: error.status,
          body: `<html><head><title>${error.status}</title></head><body><center>nginx</center></body></html>`,
          headers: new Headers({ 'content-type': 'text/html' }),
        }
      : failure(error);
  if (fault.retryAfter !== undefined) answer.headers.set('retry-after', String(fault.retryAfter));
  if (fault.retryAfterMs !== undefined) answer.headers.set('retry-after-ms', String(fault.retryAfterMs));
  return answer;
}

async function dropBody(answer: Answer): Promise<void> {
  if (answer.kind === 'stream') await answer.body.cancel();
}

function delayMs({ faults }: Emulation, { occasion, leg }: Struck): number {
  const slow = faults.take('slow', leg, (fault) => strikes(fault.on, occasion));
  const poll = occasion === 'poll' ? faults.take('slow-poll', leg) : undefined;
  return (slow && (slow.ms ?? 5000)) ?? (poll && (poll.ms ?? 5000)) ?? 0;
}

function spoiled({ faults }: Emulation, { occasion, leg }: Struck, answer: Answer): Answer {
  if (answer.kind !== 'json' || answer.status >= 300) return answer;
  const here = (fault: { readonly on?: Occasion }): boolean => strikes(fault.on, occasion);
  const { status, headers } = answer;
  if (faults.take('cut-body', leg, here) !== undefined) {
    const text = JSON.stringify(answer.body);
    return { kind: 'cut', status, headers, body: text.slice(0, Math.floor(text.length / 2)) };
  }
  if (faults.take('empty-body', leg, here) !== undefined) return { kind: 'text', status, headers, body: '' };
  if (faults.take('malformed-body', leg, here) !== undefined) {
    return { kind: 'text', status, headers, body: '{"id":"resp_' };
  }
  return answer;
}

/** Serves a request under the faults that strike it: instead of it, or between its answer and the client. */
export async function withTransportTrouble(
  emulation: Emulation,
  struck: Struck,
  signal: AbortSignal,
  serve: () => Promise<Answer>,
): Promise<Answer> {
  const { faults, clock } = emulation;
  const here = (fault: { readonly on?: Occasion }): boolean => strikes(fault.on, struck.occasion);
  const http = faults.take('http', struck.leg, here);
  if (http !== undefined && http.served !== true) return httpAnswer(http);
  const answer = await serve();
  const delay = delayMs(emulation, struck);
  if (delay > 0) await clock.sleep(delay, signal);
  if (faults.take('reset', struck.leg, here) !== undefined) {
    await dropBody(answer);
    throw broken('ECONNRESET', 'read ECONNRESET');
  }
  if (http === undefined) return spoiled(emulation, struck, answer);
  await dropBody(answer);
  return httpAnswer(http);
}
