import { expect, test } from 'vitest';
import * as z from 'zod';
import { handServer, messageOf, responseOf, type HandServerOptions } from '../../test-support/hand-server.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { Run } from '../../src/run/run.ts';
import type { RunInput } from '../../src/run/run-input.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const half = 'x🔥'.slice(0, 2);
const replaced = 'x\ufffd';
const part = { type: 'input_text' as const, text: half };
const call: JsonObject = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 't', arguments: '{}' };
const toolOf = (execute?: () => unknown, needsApproval = false) =>
  tool({ name: 't', parameters: z.object({}), ...(execute === undefined ? {} : { execute }), needsApproval });

interface Case {
  readonly options: HandServerOptions;
  readonly input?: RunInput;
  readonly decide?: (run: Run) => Promise<void>;
}

const cases: Readonly<Record<string, Case>> = {
  'a tool’s text': { options: { tools: [toolOf(() => half)] } },
  'a tool’s content parts': { options: { tools: [toolOf(() => [part])] } },
  'a tool’s error': {
    options: {
      tools: [
        toolOf(() => {
          throw new Error(half);
        }),
      ],
    },
  },
  'the input': { options: { tools: [toolOf(() => 'ok')] }, input: half },
  'input items': { options: { tools: [toolOf(() => 'ok')] }, input: [{ role: 'user', content: [part] }] },
  'the instructions': { options: { tools: [toolOf(() => 'ok')], agent: { instructions: half } } },
  'the metadata': {
    options: { tools: [toolOf(() => 'ok')], agent: { request: { metadata: { note: half, [half]: 'x' } } } },
  },
  'a description': {
    options: {
      tools: [tool({ name: 't', description: half, parameters: z.object({}), execute: () => 'ok' })],
    },
  },
  'changes by prepareRequest': {
    options: {
      tools: [toolOf(() => 'ok')],
      agent: {
        prepareRequest: (request) => ({
          ...request,
          instructions: half,
          input: [...request.input, { role: 'user', content: half }],
        }),
      },
    },
  },
  'the reason of a denial': {
    options: { tools: [toolOf(() => 'ok', true)] },
    decide: (run) => run.deny('call_1', half),
  },
  'an output from outside': {
    options: { tools: [toolOf()] },
    decide: (run) => run.submitToolOutput('call_1', half),
  },
  'content parts from outside': {
    options: { tools: [toolOf()] },
    decide: (run) => run.submitToolOutput('call_1', [part]),
  },
};

/** Whether a body has half a surrogate pair: JSON writes it as an escape, after an even number of backslashes. */
const hasHalf = (body: unknown): boolean => /(?<!\\)(\\\\)*\\ud[89a-f]/i.test(JSON.stringify(body));

test.each(Object.entries(cases))(
  'a request contains no half of a surrogate pair, chained or replayed: %s (eliza 18079)',
  async (_name, { options, input = 'Hi', decide }) => {
    for (const continuation of ['chain', 'replay'] as const) {
      const { agent, clock } = handServer(() => ({}), options);
      const seen: unknown[] = [];
      const fetch = async (_url: string, init: RequestInit = {}): Promise<Response> => {
        const body: JsonObject = JSON.parse(typeof init.body === 'string' ? init.body : '{}');
        seen.push(body);
        const output = seen.length === 1 ? [messageOf(`I say ${half}`), call] : [messageOf('ok')];
        return Response.json(responseOf(`resp_${seen.length}`, 'completed', { output }));
      };
      const client = fetchClient({ baseURL: 'http://server.test/v1', fetch });
      const runner = createRunner({ client, clock, mode: 'poll', continuation });
      const run = runner.start(agent, input);
      await clock.advance(0);
      await decide?.(run);
      expect(await run.done()).toMatchObject({ status: 'completed' });
      expect(seen).toHaveLength(2);
      expect(seen.filter(hasHalf)).toEqual([]);
      expect(JSON.stringify(seen)).toContain(replaced.slice(1));
      const events = await eventsOf(run);
      const shown = events.flatMap((event) => (event.type === 'iteration.started' ? [event.request] : []));
      expect(shown).toEqual(seen);
    }
  },
);
