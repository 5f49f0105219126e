import { manualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { JsonObject } from '../src/wire/json.ts';
import { createIdSigner, type IdSigner } from '../src/server/ids/id-signer.ts';
import { readProxyOptions } from '../src/server/options/proxy-config.ts';
import type { ProxyOptions } from '../src/server/options/proxy-options.ts';
import { checkCreate, type CreateRequest } from '../src/server/request/create-request.ts';

const secret = 'a secret of the site, long enough';

export const clock: ManualClock = manualClock(1_000_000);

export const signer: IdSigner = createIdSigner([secret], 1_000);

/** Checks a create as the proxy does for the principal `ann`. */
export function check(body: JsonObject, options: Partial<ProxyOptions> = {}): Promise<CreateRequest> {
  const config = readProxyOptions({
    apiKey: 'sk-test',
    secret,
    authorize: () => 'ann',
    allow: { models: ['m'] },
    clock,
    ...options,
  });
  return checkCreate(body, 'ann', 'ann', config, signer);
}

/** The body that the proxy sends to the API. */
export async function sent(body: JsonObject, options?: Partial<ProxyOptions>): Promise<JsonObject> {
  return (await check({ model: 'm', ...body }, options)).body;
}

export const user: JsonObject = { type: 'message', role: 'user', content: 'hi' };
