import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  functionCall,
  handServer,
  messageOf,
  responseOf,
  type HandServerOptions,
  type SeenRequest,
} from '../../test-support/hand-server.ts';
import { tool } from '../../src/agent/tool.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const ran: string[] = [];
const look = tool({
  name: 'look',
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => {
    ran.push(at);
    return 'seen';
  },
});
const first = responseOf('resp_1', 'completed', { output: [functionCall('c1', 'look', '{"at":"Paris"}')] });
const nonsense = [functionCall('c2', 'look', '{"at":"MEANINGLESS"}')];
const final = responseOf('resp_9', 'completed', { output: [messageOf('Done.')] });

function isChained({ body }: SeenRequest): boolean {
  return body['previous_response_id'] !== undefined;
}

async function chained(
  answer: (request: SeenRequest) => JsonObject | Response,
  options: HandServerOptions = {},
) {
  ran.length = 0;
  const server = handServer((request, count) => (count === 1 ? first : answer(request)), {
    tools: [look],
    ...options,
  });
  const run = server.start();
  await server.clock.advance(120_000);
  const creates = server.seen.filter(({ path }) => path === '/responses');
  return { server, run, creates, codes: run.view.warnings.map(({ code }) => code) };
}

describe('a server that ignores the chain (Ollama, vllm 43244)', () => {
  const queued = responseOf('resp_2', 'queued');
  const ignored = { previous_response_id: null };

  test.each<[string, (request: SeenRequest) => JsonObject, boolean]>([
    ['in the answer to the create', () => ({ ...queued, ...ignored }), true],
    [
      'with a finished response',
      () => responseOf('resp_2', 'completed', { output: nonsense, ...ignored }),
      false,
    ],
    [
      'only when it is polled',
      ({ method }) =>
        method === 'POST' ? queued : responseOf('resp_2', 'completed', { output: nonsense, ...ignored }),
      false,
    ],
    [
      'while it is polled',
      ({ method }) => (method === 'POST' ? queued : responseOf('resp_2', 'in_progress', ignored)),
      true,
    ],
  ])(
    'reports null as the previous response %s: the run executes no call of that response, and replays',
    async (_when, answer, cancels) => {
      const { server, run, creates, codes } = await chained((request) => {
        if (request.path.endsWith('/cancel')) return responseOf('resp_2', 'cancelled');
        return request.method === 'POST' && !isChained(request) ? final : answer(request);
      });
      expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
      expect(ran).toEqual(['Paris']);
      expect(codes).toEqual(['replay']);
      expect(creates.map(isChained)).toEqual([false, true, false]);
      expect(server.seen.some(({ path }) => path === '/responses/resp_2/cancel')).toBe(cancels);
    },
  );

  test('reports null as the previous response only at the end of the stream: the run replays', async () => {
    const events = [
      { type: 'response.created', sequence_number: 0, response: queued },
      {
        type: 'response.completed',
        sequence_number: 1,
        response: responseOf('resp_2', 'completed', { output: nonsense, ...ignored }),
      },
    ];
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    const { run } = await chained(
      (request) =>
        isChained(request) ? new Response(text, { headers: { 'content-type': 'text/event-stream' } }) : final,
      { runner: { mode: 'auto' } },
    );
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(ran).toEqual(['Paris']);
  });

  const echoed = { previous_response_id: 'resp_1' };
  const inStream = (...events: readonly JsonObject[]): Response => {
    const text = events.map(
      (event, index) => `data: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`,
    );
    return new Response(text.join(''), { headers: { 'content-type': 'text/event-stream' } });
  };

  test.each<[string, (request: SeenRequest, count: number) => JsonObject | Response]>([
    [
      'at the create, and reports null when it is polled',
      ({ method }) => (method === 'POST' ? { ...queued, ...echoed } : { ...final, ...ignored }),
    ],
    [
      'at the first poll, and reports null at the next',
      ({ method }, count) => {
        if (method === 'POST') return queued;
        return count === 3 ? responseOf('resp_9', 'in_progress', echoed) : { ...final, ...ignored };
      },
    ],
    [
      'in its stream, and reports null in the last event',
      () =>
        inStream(
          { type: 'response.created', response: { ...queued, ...echoed } },
          { type: 'response.completed', response: { ...final, ...ignored, id: 'resp_2' } },
        ),
    ],
    [
      'in the second event of its stream, and reports null in the last',
      () =>
        inStream(
          { type: 'response.created', response: queued },
          { type: 'response.queued', response: { ...queued, ...echoed } },
          { type: 'response.completed', response: { ...final, ...ignored, id: 'resp_2' } },
        ),
    ],
    [
      'in a stream that breaks off, and reports null when it is polled',
      ({ method, path }) => {
        if (method === 'POST')
          return inStream({ type: 'response.created', response: { ...queued, ...echoed } });
        return path.includes('stream=true')
          ? new Response('gone', { status: 400 })
          : { ...final, ...ignored };
      },
    ],
  ])('the run trusts a server that echoes the chain %s', async (_when, answer) => {
    let count = 1;
    const { run, codes, creates } = await chained(
      (request) => {
        count += 1;
        return answer(request, count);
      },
      { runner: { mode: 'auto' } },
    );
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(codes).toEqual([]);
    expect(creates).toHaveLength(2);
  });

  const refused = (status: number) => (): Response =>
    Response.json({ error: { message: 'No.', type: 'x', code: null, param: null } }, { status });

  test.each<[string, () => Response, number]>([
    ['404 twice', refused(404), 2],
    ['401 twice', refused(401), 2],
    ['a gateway’s 403 twice', () => new Response('<html>', { status: 403 }), 2],
    ['503 twice', refused(503), 2],
  ])(
    'the run retries the cancel of the unchained response until it succeeds: %s',
    async (_name, refuse, tries) => {
      let cancels = 0;
      const { run, server } = await chained((request) => {
        if (request.path.endsWith('/cancel')) {
          cancels += 1;
          return cancels <= tries ? refuse() : responseOf('resp_2', 'cancelled');
        }
        return isChained(request) ? { ...queued, ...ignored } : final;
      });
      expect(run.view.status).toBe('completed');
      await server.clock.advance(120_000);
      expect(cancels).toBe(tries + 1);
    },
  );

  test.each<[string, () => Response, number]>([
    ['404 each time', refused(404), 6],
    ['401 each time', refused(401), 6],
    ['400, because the response has ended', refused(400), 1],
  ])(
    'the run stops retrying the cancel of the unchained response after a limit: %s',
    async (_name, refuse, most) => {
      let cancels = 0;
      const { server } = await chained((request) => {
        if (!request.path.endsWith('/cancel')) return isChained(request) ? { ...queued, ...ignored } : final;
        cancels += 1;
        return refuse();
      });
      await server.clock.advance(3_600_000);
      expect(cancels).toBeLessThanOrEqual(most);
    },
  );

  test('the run trusts a server that echoes the chain, or does not echo the field', async () => {
    for (const echo of [{}, { previous_response_id: 'resp_1' }]) {
      const { run, codes } = await chained(() => ({ ...final, ...echo }));
      expect(run.view.status).toBe('completed');
      expect(codes).toEqual([]);
    }
  });

  test('`prepareRequest` is called again for the request with the whole conversation', async () => {
    const asked: boolean[] = [];
    const { creates } = await chained(
      (request) => (isChained(request) ? responseOf('resp_2', 'completed', ignored) : final),
      {
        agent: {
          prepareRequest: (request) => {
            asked.push(request.previous_response_id !== undefined);
            return { ...request, temperature: 0.5 };
          },
        },
      },
    );
    expect(asked).toEqual([false, true, false]);
    expect(creates.map(({ body }) => body['temperature'])).toEqual([0.5, 0.5, 0.5]);
  });
});

test.each([
  [404, { message: "Response with id 'resp_1' not found.", type: 'invalid_request_error' }],
  [404, { message: 'Not found.', type: 'x', param: 'previous_response_id' }],
  [409, { message: 'Unknown response.', type: 'x', param: 'previous_response_id' }],
  [422, { message: 'resp_1 does not exist', type: 'x' }],
  [400, { message: 'No deployment for resp_1', type: 'x', code: 'previous_response_not_found' }],
])(
  'if the server does not know the previous response (%i), the run retries, then replays: %j',
  async (status, error) => {
    const { run, creates } = await chained((request) =>
      isChained(request)
        ? Response.json({ error: { param: null, code: null, ...error } }, { status })
        : final,
    );
    expect(run.view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(creates.map(isChained)).toEqual([false, true, true, true, false]);
  },
);
