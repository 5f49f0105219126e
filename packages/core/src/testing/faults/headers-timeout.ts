import type { Emulation } from '../emulation.ts';
import type { Answer } from '../http/answer.ts';
import { affects } from './fault-list.ts';
import { broken, type Struck } from './transport-faults.ts';

/**
 * The original of each derived request. A `Request` forwards the abort of its caller's signal only until it is
 * garbage-collected, so the derived request keeps it alive.
 */
const originals = new WeakMap<Request, Request>();

/** The same request without its body. `connection` can abort it too. */
function closable(request: Request, connection: AbortController): Request {
  const { method, headers, url, signal } = request;
  signal.addEventListener('abort', () => connection.abort(signal.reason));
  const made = new Request(url, { method, headers, signal: connection.signal });
  originals.set(made, request);
  return made;
}

/** Serves a request to a client whose platform closes the connection if the headers take too long. */
export async function withHeadersTimeout(
  { faults, clock }: Emulation,
  { occasion, iteration }: Struck,
  request: Request,
  serve: (request: Request) => Promise<Answer>,
): Promise<Answer> {
  const fault = faults.take('headers-timeout', iteration, ({ on }) => affects(on, occasion));
  if (fault === undefined) return await serve(request);
  const connection = new AbortController();
  const over = new AbortController();
  const serving = serve(closable(request, connection));
  const waiting = clock.sleep(fault.ms ?? 300_000, over.signal);
  try {
    const answer = await Promise.race([serving, waiting]);
    if (answer !== undefined) return answer;
  } finally {
    over.abort();
  }
  serving.catch(() => undefined);
  const timeout = broken('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error');
  connection.abort(timeout);
  throw timeout;
}
