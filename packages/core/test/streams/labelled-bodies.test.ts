import { expect, test } from 'vitest';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';

test.each([
  [
    'a Response object',
    JSON.stringify(responseOf('resp_1', 'completed', { output: [messageOf('Hello')] })),
    'completed',
  ],
  ['an error', '{"error":{"message":"Pay.","code":"insufficient_quota"}}', 'failed'],
])('%s with the media type of a stream is read as JSON', async (_name, body, status) => {
  const server = handServer(() => new Response(body, { headers: { 'content-type': 'text/event-stream' } }), {
    runner: { mode: 'auto' },
  });
  const run = server.start();
  await server.clock.advance(60_000);
  expect(run.view.status).toBe(status);
  expect(server.seen).toHaveLength(1);
});
