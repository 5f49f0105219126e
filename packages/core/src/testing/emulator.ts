import { systemClock } from '../clock/system-clock.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { Emulation } from './emulation.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { failure, type Answer } from './http/answer.ts';
import { invalidRequest } from './http/api-error.ts';
import { loggedHeaders, type LoggedRequest } from './http/request-log.ts';
import { routeOf } from './http/router.ts';
import { cancel } from './routes/cancel.ts';
import { create } from './routes/create.ts';
import { retrieve } from './routes/retrieve.ts';
import { seededRandom } from './world/random.ts';
import { World } from './world/world.ts';

/** An emulated Responses API. */
export interface Emulator {
  /** Answers like the API, without network. Bound: hand it on as it is. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Every request that came, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Responses that the model produced, wanted or not: more than legs means work that was paid for twice. */
  readonly generations: number;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A faithful Responses API in memory: tests, benchmarks and offline demos run against it without network or cost.
 *
 * @example
 * const emulator = createEmulator({ script: [{ calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }, { text: 'Sunny.' }] });
 * const runner = createRunner({ client: fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch }) });
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const clock = options.clock ?? systemClock;
  const world = new World({ clock, ephemeralMs: options.retentionMs ?? 600_000, storedMs: 30 * 86_400_000 });
  const emulation: Emulation = { options, clock, world, random: seededRandom(options.seed ?? 1) };
  const requests: LoggedRequest[] = [];

  async function answer(request: Request, url: URL): Promise<Answer> {
    const body = parsed(await request.text());
    requests.push({
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body,
      at: clock.now(),
      headers: loggedHeaders(request.headers),
    });
    const route = routeOf(request.method, url.pathname);
    if (route === undefined) {
      return failure(invalidRequest(`Invalid URL (${request.method} ${url.pathname})`, null, null, 404));
    }
    if (route.route === 'create') return create(emulation, body ?? {}, request.signal);
    if (route.route === 'retrieve') return retrieve(emulation, route.id);
    if (route.route === 'cancel') return cancel(emulation, route.id);
    return failure(invalidRequest('Not emulated.', null, null, 404));
  }

  return {
    fetch: async (input, init) => {
      const request = new Request(
        typeof input === 'string' ? new URL(input, 'http://emulator.invalid') : input,
        init,
      );
      request.signal.throwIfAborted();
      const result = await answer(request, new URL(request.url));
      request.signal.throwIfAborted();
      if (result.kind === 'stream') {
        return new Response(result.body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
      }
      return Response.json(result.body, { status: result.status });
    },
    requests,
    get generations() {
      return world.generations;
    },
  };
}
