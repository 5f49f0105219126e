import type { JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import type { OwnedResponse } from './owned-response.ts';
import { passFailure } from './pass-failure.ts';
import { createIdNames } from '../ids/id-names.ts';
import type { Principal } from '../principal.ts';
import { readUpstreamAnswer } from '../upstream/read-upstream-answer.ts';
import { snapshotIn } from '../answer/read-event.ts';
import { relay } from '../answer/relay.ts';
import { eventStream, responseHeaders } from '../answer/response-headers.ts';
import { RewrittenEvents } from '../answer/rewritten-events.ts';
import { rewriteResponse } from '../answer/rewrite-response.ts';
import { written } from '../answer/rewriting.ts';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { rewritingOf } from './rewriting-of.ts';

/** Sends a request about a response of the client to the API, and passes on the answer: an object or a stream. */
export async function askForResponse<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  owned: OwnedResponse,
  ask: UpstreamRequest,
): Promise<Response> {
  const { signer, running, upstream } = parts;
  const { responseId, issuedAt, secret, name } = owned;
  const { owner, report } = exchange;
  const sent = await upstream.send(ask);
  const { headers, status } = sent.response;
  const names = createIdNames(signer, owner, issuedAt, [[responseId, name]], { secret });
  const rewriting = rewritingOf(parts, exchange, names, sent.key);
  const count = async (response: JsonObject): Promise<void> => {
    const isOver = typeof response['status'] === 'string' && isTerminal(response['status']);
    await (isOver ? running.ended(responseId) : running.alive(responseId)).catch(report);
  };

  const answer = await readUpstreamAnswer(sent, ask.query?.get('stream') === 'true' ? 'stream' : 'object');
  switch (answer.kind) {
    case 'response': {
      await count(answer.body);
      const body = await written(rewriteResponse(answer.body, rewriting), rewriting);
      return new Response(body, { status, headers: responseHeaders(headers, 'application/json') });
    }
    case 'events': {
      sent.begun();
      const events = new RewrittenEvents(answer.stream, rewriting, async (event) => {
        const snapshot = snapshotIn(event);
        if (snapshot !== undefined) await count(snapshot);
      });
      return new Response(relay([], events, { onBreak: report }), {
        status,
        headers: responseHeaders(headers, eventStream),
      });
    }
    default:
      return passFailure(parts, exchange, owned, answer, { headers, rewriting });
  }
}
