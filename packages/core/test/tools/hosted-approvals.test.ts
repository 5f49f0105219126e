import { expect, test } from 'vitest';
import { handServer, responseOf } from '../../test-support/hand-server.ts';
import { created, done, numbered, sse } from '../../test-support/stream-events.ts';

test('a hosted MCP approval is pending while its response runs, and awaited when the response is complete', async () => {
  const asks = {
    type: 'mcp_approval_request',
    id: 'mcpr_1',
    server_label: 'docs',
    name: 'read',
    arguments: '{}',
  };
  const seen: string[] = [];
  const server = handServer(
    (_request, count) =>
      count === 1
        ? sse(
            numbered([
              created,
              done(asks),
              { type: 'response.in_progress', response: responseOf('resp_1', 'in_progress') },
            ]),
          )
        : responseOf('resp_1', 'completed', { output: [asks] }),
    { runner: { mode: 'auto' } },
  );
  const run = server.start();
  run.subscribe(() => {
    for (const { status } of run.view.toolCalls) seen.push(`${run.view.status} ${status}`);
  });
  await server.clock.advance(60_000);
  expect(run.view.toolCalls[0]?.serverLabel).toBe('docs');
  expect(new Set(seen)).toEqual(new Set(['in_progress pending', 'requires_action awaiting_approval']));
});
