import { responseHeaders } from '../answer/response-headers.ts';
import { createIdNames } from '../ids/id-names.ts';
import type { Principal } from '../principal.ts';
import { readDeleteAnswer } from '../upstream/read-upstream-answer.ts';
import type { OwnedResponse } from './owned-response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { passFailure } from './pass-failure.ts';
import { rewritingOf } from './rewriting-of.ts';

/** Deletes a response of the client at the API. The answer has the signed id, and no other field of the API's answer. */
export async function deleteResponse<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  owned: OwnedResponse,
): Promise<Response> {
  const { signer, running, upstream, config } = parts;
  const { owner, report } = exchange;
  const { responseId, issuedAt, secret, name } = owned;
  const path = ['responses', responseId];
  // Not bound to the client's connection, as a cancel.
  const { signal } = new AbortController();
  const timeoutMs = config.limits.upstreamTimeoutMs;
  const sent = await upstream.send({ method: 'DELETE', path, timeoutMs, signal });
  const { headers, status } = sent.response;
  const names = createIdNames(signer, owner, issuedAt, [[responseId, name]], { secret });
  const rewriting = rewritingOf(parts, exchange, names, sent.key);
  const answer = await readDeleteAnswer(sent);
  if (answer.kind !== 'deleted') return passFailure(parts, exchange, owned, answer, { headers, rewriting });
  await running.ended(responseId).catch(report);
  return new Response(JSON.stringify({ id: name, object: 'response.deleted', deleted: true }), {
    status: status === 204 ? 200 : status,
    headers: responseHeaders(headers, 'application/json'),
  });
}
