import { expect, test } from 'vitest';
import * as z from 'zod';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { tool } from '../../src/agent/tool.ts';
import { RunLimitError } from '../../src/run/run-error.ts';
import type { JsonObject } from '../../src/wire/json.ts';

function server(count: number) {
  let executed = 0;
  const t = tool({ name: 't', parameters: z.object({}), execute: () => (executed += 1) });
  const output: readonly JsonObject[] = Array.from({ length: count }, (_, index) =>
    functionCall(`c${index}`, 't', '{}'),
  );
  const base = handServer(
    (_request, request) =>
      request === 1
        ? responseOf('resp_1', 'completed', { output })
        : responseOf(`resp_${request}`, 'completed', { output: [messageOf('ok')] }),
    { tools: [t] },
  );
  return { ...base, executed: () => executed };
}

test('a response with more calls than the limit ends the run before any call is executed (20,000 calls)', async () => {
  const { start, executed, seen } = server(20_000);
  const run = start();
  const view = await run.done();
  expect(view).toMatchObject({ status: 'incomplete', error: { code: 'max_calls' } });
  expect(view.error?.message).toMatch(/20000 calls.*1000/);
  expect(await run.result().catch((error: unknown) => error)).toBeInstanceOf(RunLimitError);
  expect(view.toolCalls).toHaveLength(20_000);
  expect(view.toolCalls.every((call) => call.status === 'cancelled')).toBe(true);
  expect(executed()).toBe(0);
  expect(seen).toHaveLength(1);
});

test('a response with as many calls as the limit has all of them executed, and their outputs sent', async () => {
  const { start, executed, seen } = server(1_000);
  expect((await start().done()).status).toBe('completed');
  expect(executed()).toBe(1_000);
  expect(seen[1]?.body['input']).toHaveLength(1_000);
});
