import type { Emulation } from '../emulation.ts';
import { failure, type Answer } from '../http/answer.ts';
import { httpError } from '../http/http-error.ts';
import { affects } from './fault-list.ts';
import type { FaultNamed } from './fault.ts';
import type { Occasion } from './transport-fault.ts';

/** The properties of a request that a transport fault can select. */
export interface Struck {
  readonly occasion: Occasion;
  readonly iteration: number | undefined;
}

/** The error that `fetch` rejects with when a connection fails. Its cause has Node's code. */
export function broken(code: string, reason: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(reason), { code }) });
}

/** Throws if a fault refuses the connection. */
export function refuse({ faults }: Emulation, { occasion, iteration }: Struck): void {
  if (faults.take('refused', iteration, (fault) => affects(fault.on, occasion)) === undefined) return;
  throw broken('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:443');
}

/** The answer of a load balancer, a gateway or a captive portal. */
function foreignAnswer({ status, body, contentType }: FaultNamed<'foreign-answer'>): Answer {
  const isJson = typeof body === 'object';
  const page = `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`;
  return {
    kind: 'text',
    foreign: true,
    status,
    body: isJson ? JSON.stringify(body) : (body ?? page),
    headers: new Headers({ 'content-type': contentType ?? (isJson ? 'application/json' : 'text/html') }),
  };
}

function httpAnswer(fault: FaultNamed<'http'>): Answer {
  const error = httpError(fault);
  const answer =
    fault.envelope === false
      ? foreignAnswer({ fault: 'foreign-answer', status: error.status })
      : failure(error);
  if (fault.retryAfter !== undefined) answer.headers.set('retry-after', String(fault.retryAfter));
  if (fault.retryAfterMs !== undefined) answer.headers.set('retry-after-ms', String(fault.retryAfterMs));
  return answer;
}

async function dropBody(answer: Answer): Promise<void> {
  if (answer.kind === 'stream') await answer.body.cancel();
}

function delayMs({ faults }: Emulation, { occasion, iteration }: Struck): number {
  const slow = faults.take('slow', iteration, (fault) => affects(fault.on, occasion));
  const poll = occasion === 'poll' ? faults.take('slow-poll', iteration) : undefined;
  return (slow && (slow.ms ?? 5000)) ?? (poll && (poll.ms ?? 5000)) ?? 0;
}

function spoiled({ faults }: Emulation, { occasion, iteration }: Struck, answer: Answer): Answer {
  if (answer.kind !== 'json' || answer.status >= 300) return answer;
  const here = (fault: { readonly on?: Occasion }): boolean => affects(fault.on, occasion);
  const { status, headers } = answer;
  if (faults.take('cut-body', iteration, here) !== undefined) {
    const text = JSON.stringify(answer.body);
    return { kind: 'cut', status, headers, body: text.slice(0, Math.floor(text.length / 2)) };
  }
  if (faults.take('empty-body', iteration, here) !== undefined)
    return { kind: 'text', foreign: false, status, headers, body: '' };
  if (faults.take('malformed-body', iteration, here) !== undefined) {
    return { kind: 'text', foreign: false, status, headers, body: '{"id":"resp_' };
  }
  return answer;
}

/** An answer that replaces the API's, and whether the API receives the request anyway. */
interface Replacement {
  readonly answer: () => Answer;
  readonly served: boolean;
}

function lost(): never {
  throw broken('ECONNRESET', 'read ECONNRESET');
}

function replacement({ faults }: Emulation, { occasion, iteration }: Struck): Replacement | undefined {
  const here = (fault: { readonly on?: Occasion }): boolean => affects(fault.on, occasion);
  const http = faults.take('http', iteration, here);
  if (http !== undefined) return { answer: () => httpAnswer(http), served: http.served === true };
  const foreign = faults.take('foreign-answer', iteration, here);
  if (foreign !== undefined) return { answer: () => foreignAnswer(foreign), served: foreign.served === true };
  const reset = faults.take('reset', iteration, here);
  return reset && { answer: lost, served: reset.served !== false };
}

/**
 * Serves a request and applies the faults that affect it, either in place of the API or between the API's answer and
 * the client.
 */
export async function withTransportFaults(
  emulation: Emulation,
  struck: Struck,
  signal: AbortSignal,
  serve: () => Promise<Answer>,
): Promise<Answer> {
  const instead = replacement(emulation, struck);
  if (instead?.served === false) return instead.answer();
  const answer = await serve();
  const delay = delayMs(emulation, struck);
  if (delay > 0) await emulation.clock.sleep(delay, signal);
  if (instead === undefined) return spoiled(emulation, struck, answer);
  await dropBody(answer);
  return instead.answer();
}
