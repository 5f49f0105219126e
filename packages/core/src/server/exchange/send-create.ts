import { rewriteError, type Rewriting } from '../answer/rewrite-response.ts';
import { createIdNames } from '../ids/id-names.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import type { CreateRequest } from '../request/create-request.ts';
import { readAnswer } from '../upstream/read-answer.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import { UpstreamConnectionError } from '../upstream/upstream-connection-error.ts';
import {
  credentialsRefused,
  errorResponse,
  unknownOutcome,
  upstreamUnavailable,
} from '../upstream/upstream-failure.ts';
import { UpstreamFailureError } from '../upstream/upstream-failure-error.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { passEvents, passObject } from './pass-created.ts';
import type { StartedCreate } from './started-create.ts';

/** Passes on the API's answer to a create, and puts on record what became of it. */
async function passAnswer<P extends Principal>(
  { signer, config }: ProxyParts<P>,
  { owner, report }: Exchange<P>,
  { background, previous }: CreateRequest,
  started: StartedCreate,
  sent: UpstreamAnswer,
): Promise<Response> {
  const { status, headers } = sent.response;
  const known = previous === undefined ? [] : [[previous.owned.responseId, previous.token] as const];
  const names = createIdNames(signer, owner, config.clock.now(), known);
  const rewriting: Rewriting = { names, secrets: sent.secrets };
  const pass = { started, rewriting, background, status, headers, onBreak: report };

  const answer = await readAnswer(sent);
  switch (answer.kind) {
    case 'response':
      return passObject(answer.body, pass);
    case 'events':
      return passEvents(answer.stream, sent.begun, pass);
    case 'error':
      await started.nothingRuns();
      return errorResponse(status, headers, answer.error, rewriting);
    case 'credentials':
      await started.nothingRuns();
      report(new UpstreamFailureError(status, answer.error && rewriteError(answer.error, rewriting)));
      throw credentialsRefused();
    case 'unreadable':
      report(new UpstreamFailureError(status, undefined));
      if (status >= 300 && status < 500) {
        await started.nothingRuns();
        throw upstreamUnavailable();
      }
      // A gateway gave up, or the answer was cut: the API may well have gone on.
      await (background ? started.outcomeUnknown() : started.nothingRuns());
      return unknownOutcome();
  }
}

/**
 * Sends a create and passes its answer on. A background create is carried through to its first answer whoever leaves
 * meanwhile: dropped before the id is known, the job would run on where nobody can poll, cancel or count it.
 * A foreground create ends with the client's connection, which is how it is cancelled.
 */
export async function sendCreate<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  create: CreateRequest,
  timeoutMs: number,
  started: StartedCreate,
): Promise<Response> {
  const connection = new AbortController();
  const dropWithClient = (): void => {
    const { signal } = exchange.request;
    if (signal.aborted) connection.abort();
    else signal.addEventListener('abort', () => connection.abort(), { once: true });
  };
  if (!create.background) dropWithClient();

  let arrived = false;
  try {
    const body = JSON.stringify(create.body);
    const { signal } = connection;
    const sent = await parts.upstream.send({ method: 'POST', path: ['responses'], body, timeoutMs, signal });
    arrived = true;
    const answer = await passAnswer(parts, exchange, create, started, sent);
    if (create.background) dropWithClient();
    return answer;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const mayRun = arrived || (error instanceof UpstreamConnectionError && error.mayHaveArrived);
    await (mayRun && create.background ? started.outcomeUnknown() : started.nothingRuns());
    if (!mayRun) throw error;
    exchange.report(error);
    return unknownOutcome();
  }
}
