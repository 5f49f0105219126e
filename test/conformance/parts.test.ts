import {
  createRunner,
  defineAgent,
  emptyView,
  fetchClient,
  viewParts,
  type Part,
  type RunView,
} from '@longhaul/core';
import { expect, test } from 'vitest';
import {
  haveRecordings,
  isRecord,
  rawStreams,
  recordings,
  whyNot,
  type Json,
  type RecordedEvent,
} from './recordings.ts';

interface Stream {
  readonly name: string;
  readonly events: readonly RecordedEvent[];
  /** The output of the response's last event. */
  readonly output: readonly Json[];
}

function streams(): readonly Stream[] {
  const recorded = [...recordings('background'), ...recordings('foreground')].flatMap(({ name, exchanges }) =>
    exchanges
      .filter(({ request }) => request.method === 'POST')
      .flatMap(({ response: { events } }) => (events === undefined ? [] : [{ name, events }])),
  );
  return [...rawStreams(), ...recorded].flatMap(({ name, events }) => {
    const last = events.findLast(({ event }) => event === 'response.completed')?.data['response'];
    return isRecord(last) && Array.isArray(last['output']) ? [{ name, events, output: last['output'] }] : [];
  });
}

/** All views of a run whose response has this stream. */
async function viewsOf(events: readonly RecordedEvent[]): Promise<readonly RunView[]> {
  const body = events.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const fetch = async (): Promise<Response> => new Response(body, { headers });
  const runner = createRunner({ client: fetchClient({ baseURL: 'http://recorded.test/v1', fetch }) });
  const agent = defineAgent({ name: 'recorded', model: 'm', maxIterations: 1 });
  const run = runner.start(agent, 'Hello');
  const views = [run.view];
  run.subscribe(() => views.push(run.view));
  await run.result().catch(() => undefined);
  return views;
}

/** The content of a part. */
function brief(part: Part): readonly unknown[] {
  if (part.type === 'text' || part.type === 'reasoning') return [part.type, part.text];
  if (part.type === 'tool') return [part.type, part.call.callId, part.call.rawArguments];
  return [part.type, part.type === 'hosted_tool' ? part.name : ''];
}

/** The content of the parts of a recorded output item. */
function expected(item: Json): readonly (readonly unknown[])[] {
  if (!isRecord(item)) return [];
  const listed = (field: string): readonly unknown[] =>
    (Array.isArray(item[field]) ? item[field] : []).flatMap((part) => (isRecord(part) ? [part['text']] : []));
  switch (item['type']) {
    case 'message':
      return listed('content').map((text) => ['text', text]);
    case 'reasoning':
      return listed('summary').length === 0 ? [] : [['reasoning', listed('summary').join('\n\n')]];
    case 'function_call':
      return [['tool', item['call_id'], item['arguments']]];
    default:
      return [['hosted_tool', String(item['type']).replace(/_call$/, '')]];
  }
}

test.skipIf(!haveRecordings)(`streams were recorded${whyNot}`, () => {
  expect(streams().length).toBeGreaterThan(0);
});

test.each(streams())(
  'the parts of the recorded stream $name are those of its output, and keep their identity',
  async ({ events, output }) => {
    const views = await viewsOf(events);
    const last = viewParts(views.at(-1) ?? emptyView).filter(({ type }) => type !== 'error');
    expect(last.map(brief)).toEqual(output.flatMap(expected));
    const known = new Map<string, Part>();
    for (const part of views.flatMap((view) => viewParts(view))) {
      const before = known.get(part.key);
      if (JSON.stringify(before) === JSON.stringify(part)) expect(part).toBe(before);
      known.set(part.key, part);
    }
  },
);
