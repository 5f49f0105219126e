import type { Claim } from '../limits/idempotency.ts';
import type { RunningPlace } from '../limits/running-cap.ts';
import type { Principal } from '../principal.ts';
import { checkCreate } from '../request/create-request.ts';
import { parseJsonBody } from '../request/json-body.ts';
import { readBody } from '../request/read-body.ts';
import { refuseQuery } from '../request/retrieve-query.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { repeatFirst } from './repeat-first.ts';
import { sendCreate } from './send-create.ts';
import { startedCreate } from './started-create.ts';

/** Between the API's answer and its record. */
const recordingMs = 5_000;

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
  const { config, signer, running, idempotency } = parts;
  const { request, url, principal, owner, report } = exchange;
  const { bodyTimeoutMs, upstreamTimeoutMs, foregroundTimeoutMs, idempotencyMs } = config.limits;
  refuseQuery(url.searchParams);
  const body = await readBody(
    request,
    { maxBodyBytes: config.allow.maxBodyBytes, bodyTimeoutMs },
    config.clock,
  );
  const create = await checkCreate(parseJsonBody(body), principal, owner, config, signer);
  const timeoutMs = create.background ? upstreamTimeoutMs : foregroundTimeoutMs;

  const key = request.headers.get('idempotency-key');
  const pendingMs = Math.min(timeoutMs + recordingMs, idempotencyMs);
  const claimed =
    key === null
      ? undefined
      : await idempotency.claim({ owner, key, body, pendingMs, signal: request.signal });
  if (claimed?.kind === 'seen') return repeatFirst(parts, exchange, claimed.outcome);

  const place = await takePlace(() => running.take(owner), claimed?.claim);
  const started = startedCreate({ place, claim: claimed?.claim, running, onError: report });
  return sendCreate(parts, exchange, create, timeoutMs, started);
}
