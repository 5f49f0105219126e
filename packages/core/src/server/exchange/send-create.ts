import { createIdNames } from '../ids/id-names.ts';
import { NoAnswer } from '../no-answer.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import type { CreateRequest } from '../request/create-request.ts';
import { readUpstreamAnswer } from '../upstream/read-upstream-answer.ts';
import type { UpstreamAnswer } from '../upstream/upstream.ts';
import { UpstreamConnectionError } from '../upstream/upstream-connection-error.ts';
import {
  createWithoutCredentials,
  errorResponse,
  foreignToCreate,
  leavesOpen,
  notForwarded,
  reportable,
  unknownOutcome,
} from '../upstream/upstream-failure.ts';
import { UpstreamFailureError } from '../upstream/upstream-failure-error.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { passEvents, passObject } from './pass-created.ts';
import { rewritingOf } from './rewriting-of.ts';
import type { StartedCreate } from './started-create.ts';

/** Passes on the API's answer to a create, and records its outcome. */
async function passAnswer<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  create: CreateRequest,
  started: StartedCreate,
  sent: UpstreamAnswer,
): Promise<Response> {
  const { owner, report, request } = exchange;
  const { background, previous } = create;
  const { status, headers } = sent.response;
  const known = previous === undefined ? [] : [[previous.owned.responseId, previous.token] as const];
  const names = createIdNames(parts.signer, owner, parts.config.clock.now(), known, {
    items: create.items,
  });
  const rewriting = rewritingOf(parts, exchange, names, sent.key, create.secrets);
  const client = request.signal;
  const pass = { started, rewriting, background, status, headers, client, onBreak: report };

  const answer = await readUpstreamAnswer(sent, 'create');
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
      report(new UpstreamFailureError(status, await reportable(answer.error, rewriting)));
      throw createWithoutCredentials(create.continues);
    case 'foreign':
      report(new UpstreamFailureError(status, undefined));
      // A foreground job ends with its connection.
      await (background && leavesOpen(answer) ? started.outcomeUnknown() : started.nothingRuns());
      return foreignToCreate(answer, headers, create.continues, rewriting);
  }
}

/**
 * Sends a create and passes on its answer. A background create continues until the id of its response arrives, even if
 * the client disconnects. Otherwise its job would run with an unknown id, and no client could poll or cancel it. A
 * foreground create ends with the client's connection, because that is how clients cancel it.
 */
export async function sendCreate<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  create: CreateRequest,
  started: StartedCreate,
): Promise<Response> {
  const { createTimeoutMs, foregroundTimeoutMs } = parts.config.limits;
  const timeoutMs = create.background ? createTimeoutMs : foregroundTimeoutMs;
  const connection = new AbortController();
  const dropWithClient = (): void => {
    const { signal } = exchange.request;
    if (signal.aborted) connection.abort();
    else signal.addEventListener('abort', () => connection.abort(), { once: true });
  };
  if (!create.background) dropWithClient();

  let sent: UpstreamAnswer | undefined;
  try {
    const body = JSON.stringify(create.body);
    const { signal } = connection;
    sent = await parts.upstream.send({ method: 'POST', path: ['responses'], body, timeoutMs, signal });
    const answer = await passAnswer(parts, exchange, create, started, sent);
    if (create.background) dropWithClient();
    return answer;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) throw error;
    const isLost = error instanceof UpstreamConnectionError && error.mayHaveArrived;
    const mayRun = sent !== undefined || isLost;
    await (mayRun && create.background ? started.outcomeUnknown() : started.nothingRuns());
    if (!mayRun && !(error instanceof UpstreamConnectionError)) throw error;
    exchange.report(error);
    throw mayRun ? unknownOutcome() : notForwarded();
  }
}
