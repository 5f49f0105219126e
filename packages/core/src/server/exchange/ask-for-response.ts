import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { responseNotFound } from './response-not-found.ts';
import { createIdNames } from '../ids/id-names.ts';
import type { OwnedId } from '../ids/id-signer.ts';
import type { Principal } from '../principal.ts';
import { readAnswer } from '../upstream/read-answer.ts';
import { relay } from '../answer/relay.ts';
import { responseHeaders } from '../answer/response-headers.ts';
import { RewrittenEvents } from '../answer/rewritten-events.ts';
import { rewriteError, rewriteResponse, type Rewriting } from '../answer/rewrite-response.ts';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { credentialsRefused, errorResponse, upstreamUnavailable } from '../upstream/upstream-failure.ts';
import { UpstreamFailureError } from '../upstream/upstream-failure-error.ts';

/** A response that the client may ask for, and the name it uses. */
export interface OwnedResponse extends OwnedId {
  readonly name: string;
}

function isOver(response: JsonObject): boolean {
  return typeof response['status'] === 'string' && isTerminal(response['status']);
}

/** Asks the API about a response that is the client's own, and passes on what it says: an object or a stream. */
export async function askForResponse<P extends Principal>(
  { signer, running, upstream }: ProxyParts<P>,
  { owner, report }: Exchange<P>,
  { responseId, issuedAt, name }: OwnedResponse,
  ask: UpstreamRequest,
): Promise<Response> {
  const sent = await upstream.send(ask);
  const { headers, status } = sent.response;
  const names = createIdNames(signer, owner, issuedAt, [[responseId, name]]);
  const rewriting: Rewriting = { names, secrets: sent.secrets };
  const ended = (): Promise<void> => running.ended(responseId).catch(report);

  const answer = await readAnswer(sent);
  switch (answer.kind) {
    case 'response': {
      if (isOver(answer.body)) await ended();
      const body = JSON.stringify(await rewriteResponse(answer.body, rewriting));
      return new Response(body, { status, headers: responseHeaders(headers, 'application/json') });
    }
    case 'events': {
      sent.begun();
      const events = new RewrittenEvents(answer.stream, rewriting, async ({ response }) => {
        if (isJsonObject(response) && isOver(response)) await ended();
      });
      return new Response(relay([], events, { onBreak: report }), {
        status,
        headers: responseHeaders(headers, 'text/event-stream; charset=utf-8'),
      });
    }
    case 'error':
      if (status === 404) {
        // Expired or deleted: it runs no more.
        await ended();
        throw responseNotFound(name);
      }
      return errorResponse(status, headers, answer.error, rewriting);
    case 'credentials':
      report(new UpstreamFailureError(status, answer.error && rewriteError(answer.error, rewriting)));
      throw credentialsRefused();
    case 'unreadable':
      report(new UpstreamFailureError(status, undefined));
      throw upstreamUnavailable();
  }
}
