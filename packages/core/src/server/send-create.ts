import type { CreateRequest } from './create-request.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { createIdNames } from './id-names.ts';
import { passEvents, passObject } from './pass-created.ts';
import type { Principal } from './principal.ts';
import { readAnswer } from './read-answer.ts';
import { rewriteError, type Rewriting } from './rewrite-response.ts';
import type { StartedCreate } from './started-create.ts';
import type { UpstreamAnswer } from './upstream.ts';
import { UpstreamConnectionError } from './upstream-connection-error.ts';
import {
  credentialsRefused,
  errorResponse,
  unknownOutcome,
  upstreamUnavailable,
} from './upstream-failure.ts';
import { UpstreamFailureError } from './upstream-failure-error.ts';

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
  const rewriting: Rewriting = {
    names: createIdNames(signer, owner, config.clock.now(), known),
    secrets: sent.secrets,
  };
  const pass = { started, rewriting, background, status, headers };

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
  started: StartedCreate,
): Promise<Response> {
  const connection = new AbortController();
  const dropWithClient = (): void => {
    const { signal } = exchange.request;
    if (signal.aborted) connection.abort();
    else signal.addEventListener('abort', () => connection.abort(), { once: true });
  };
  if (!create.background) dropWithClient();

  let sent: UpstreamAnswer;
  try {
    const body = JSON.stringify(create.body);
    sent = await parts.upstream.send({
      method: 'POST',
      path: ['responses'],
      body,
      signal: connection.signal,
    });
  } catch (error) {
    const mayRun = error instanceof UpstreamConnectionError && error.mayHaveArrived;
    await (mayRun && create.background ? started.outcomeUnknown() : started.nothingRuns());
    if (!mayRun) throw error;
    exchange.report(error);
    return unknownOutcome();
  }
  const response = await passAnswer(parts, exchange, create, started, sent);
  if (create.background) dropWithClient();
  return response;
}
