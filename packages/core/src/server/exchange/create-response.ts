import type { Claim } from '../limits/idempotency.ts';
import { doubtMs } from '../limits/doubt.ts';
import type { RunningPlace } from '../limits/running-cap.ts';
import type { Principal } from '../principal.ts';
import { comparableBody } from '../request/comparable-body.ts';
import { checkCreate } from '../request/create-request.ts';
import { parseJsonBody } from '../request/json-body.ts';
import { readBody } from '../request/read-body.ts';
import { refuseQuery } from '../request/retrieve-query.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { repeatFirst } from './repeat-first.ts';
import { sendCreate } from './send-create.ts';
import { startedCreate } from './started-create.ts';

async function takePlace(take: () => Promise<RunningPlace>, claim: Claim | undefined): Promise<RunningPlace> {
  try {
    return await take();
  } catch (error) {
    await claim?.release();
    throw error;
  }
}

/** `POST …/responses` */
export async function createResponse<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
): Promise<Response> {
  const { config, signer, running, idempotency, budget } = parts;
  const { request, url, principal, owner, report } = exchange;
  const { allow, clock, limits } = config;
  refuseQuery(url.searchParams);
  const bounds = { maxBodyBytes: allow.maxBodyBytes, bodyTimeoutMs: limits.bodyTimeoutMs };
  const sent = parseJsonBody(await readBody(request, bounds, clock));
  const create = await checkCreate(sent, principal, owner, config, signer);

  const key = request.headers.get('idempotency-key');
  const claimed =
    key === null
      ? undefined
      : await idempotency.claim({
          owner,
          key,
          body: comparableBody(sent),
          pendingMs: doubtMs,
          signal: request.signal,
        });
  if (claimed?.kind === 'seen') return repeatFirst(parts, exchange, claimed.outcome, create.stream);

  const claim = claimed?.claim;
  const place = await takePlace(() => running.take(owner), claim);
  const started = startedCreate({
    place,
    claim,
    running,
    clock,
    keeps: (answer) => budget(owner, answer),
    onError: report,
  });
  return sendCreate(parts, exchange, create, started);
}
