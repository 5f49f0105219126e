import { checkCreate } from './create-request.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { parseJsonBody } from './json-body.ts';
import type { Principal } from './principal.ts';
import { readBody } from './read-body.ts';
import { repeatFirst } from './repeat-first.ts';
import { refuseQuery } from './retrieve-query.ts';
import type { RunningPlace } from './running-cap.ts';
import { sendCreate } from './send-create.ts';
import { startedCreate } from './started-create.ts';

/** `POST …/responses` */
export async function createResponse<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
): Promise<Response> {
  const { config, signer, running, idempotency } = parts;
  const { request, url, principal, owner, report } = exchange;
  refuseQuery(url.searchParams);
  const { maxBodyBytes } = config.allow;
  const { bodyTimeoutMs } = config.limits;
  const text = await readBody(request, { maxBodyBytes, bodyTimeoutMs }, config.clock);
  const create = await checkCreate(parseJsonBody(text), principal, owner, config, signer);

  const key = request.headers.get('idempotency-key');
  const claimed = key === null ? undefined : await idempotency.claim(owner, key, text, request.signal);
  if (claimed?.kind === 'seen') return repeatFirst(parts, exchange, claimed.outcome);
  const claim = claimed?.claim;

  let place: RunningPlace;
  try {
    place = await running.take(owner);
  } catch (error) {
    await claim?.release();
    throw error;
  }
  return sendCreate(parts, exchange, create, startedCreate({ place, claim, running, onError: report }));
}
