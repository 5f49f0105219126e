import { expect } from 'vitest';
import * as z from 'zod';
import { handServer, messageOf, responseOf } from './hand-server.ts';
import { eventsOf } from './scenario.ts';
import { sse } from './stream-events.ts';
import { tool } from '../src/agent/tool.ts';
import { applyEvent } from '../src/engine/view/apply-event.ts';
import { emptyView } from '../src/engine/view/empty-view.ts';
import type { RunView } from '../src/engine/view/run-view.ts';
import type { JsonObject } from '../src/wire/json.ts';

export interface StreamedRunOptions {
  /** @default true */
  readonly background?: boolean;
  /** The output of the response that a GET returns. */
  readonly output?: readonly JsonObject[];
}

export interface StreamedRun {
  readonly view: RunView;
  /** The arguments of each execution of the tool `pay`. */
  readonly ran: readonly string[];
  /** The methods of the requests. */
  readonly sent: readonly string[];
  readonly codes: readonly string[];
}

/**
 * Runs an agent whose first create is answered with this body. Later creates are answered with “Done.”, and each
 * GET with `output`. Checks that the run's events result in its view.
 */
export async function heard(
  first: readonly JsonObject[] | string,
  { background = true, output = [messageOf('The whole answer.')] }: StreamedRunOptions = {},
): Promise<StreamedRun> {
  const ran: string[] = [];
  const pay = tool({
    name: 'pay',
    parameters: z.object({ n: z.number() }),
    execute: ({ n }) => {
      ran.push(String(n));
      return `paid ${n}`;
    },
  });
  const headers = { 'content-type': 'text/event-stream' };
  const server = handServer(
    ({ method }, count) => {
      if (count === 1) return typeof first === 'string' ? new Response(first, { headers }) : sse(first);
      if (method === 'GET') return responseOf('resp_1', 'completed', { output });
      return sse([
        {
          type: 'response.completed',
          response: responseOf('resp_2', 'completed', { output: [messageOf('Done.')] }),
        },
      ]);
    },
    { tools: [pay], agent: { background }, runner: { mode: 'auto' } },
  );
  const run = server.start();
  await server.clock.advance(600_000);
  expect((await eventsOf(run)).reduce(applyEvent, emptyView)).toEqual(run.view);
  const { view } = run;
  return {
    view,
    ran,
    sent: server.seen.map(({ method }) => method),
    codes: view.warnings.map(({ code }) => code),
  };
}
