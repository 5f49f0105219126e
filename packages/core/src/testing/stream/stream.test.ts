import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { createEmulator, manualClock, type EmulatorOptions, type Fault } from '../index.ts';
import { serveEmulator } from '../node.ts';

type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

const script = [
  { reasoning: 'Let me see.', calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] },
  { text: '2 + 2 equals 4.' },
];
const tools = [
  {
    type: 'function' as const,
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    strict: true,
  },
];

function setUp(options: Partial<EmulatorOptions> = {}) {
  const emulator = createEmulator({ script, queuedMs: 0, runMs: 0, ...options });
  const client = new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 });
  return { emulator, client };
}

async function collect(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const request = { model: 'gpt-4o', input: 'Weather?', background: true, stream: true, tools } as const;

describe('a background stream', () => {
  test('numbers its events from 0 without gaps, in the order of the recorded traffic', async () => {
    const { client } = setUp({ script: [{ text: '2 + 2 equals 4.' }] });
    const events = await collect(await client.responses.create({ ...request, tools: [...tools] }));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      ...Array.from({ length: 8 }, () => 'response.output_text.delta'),
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(JSON.stringify(events)).not.toContain('obfuscation');
  });

  test('sends exactly the events after `starting_after` again', async () => {
    const { client } = setUp();
    const events = await collect(await client.responses.create({ ...request, tools: [...tools] }));
    const first = events[0];
    if (first?.type !== 'response.created') throw new Error('no created');
    const again = await collect(
      await client.responses.retrieve(first.response.id, { stream: true, starting_after: 4 }),
    );
    expect(again).toEqual(events.slice(5));
    expect(
      await collect(await client.responses.retrieve(first.response.id, { stream: true, starting_after: 99 })),
    ).toEqual([]);
  });

  test('sends its events at times between the start and the end of the response', async () => {
    const clock = manualClock();
    const { client } = setUp({ clock, queuedMs: 1000, runMs: 10_000 });
    const live: StreamEvent[] = [];
    const reading = (async () => {
      for await (const event of await client.responses.create({ ...request, tools: [...tools] }))
        live.push(event);
    })();
    await clock.advance(999);
    expect(live.map((event) => event.type)).toEqual(['response.created', 'response.queued']);
    await clock.advance(5000);
    expect(live.length).toBeGreaterThan(3);
    expect(live.at(-1)?.type).not.toBe('response.completed');
    await clock.advance(5001);
    await reading;
    expect(live.at(-1)?.type).toBe('response.completed');
  });

  test('cannot be opened more than five minutes after the create; the response can still be polled', async () => {
    const clock = manualClock();
    const { client } = setUp({ clock, runMs: 600_000 });
    const stream = await client.responses.create({ ...request, tools: [...tools] });
    const { value: created } = await stream[Symbol.asyncIterator]().next();
    const id = created?.type === 'response.created' ? created.response.id : '';
    await clock.advance(300_001);
    await expect(client.responses.retrieve(id, { stream: true })).rejects.toThrow('more than 5 minutes old');
    expect(await client.responses.retrieve(id)).toMatchObject({ status: 'in_progress' });
  });

  test.each([
    ['failed-event', 'response.failed'],
    ['cancelled-event', 'response.cancelled'],
    ['eof', undefined],
    ['runs-on', 'response.completed'],
  ] as const)('ends as `cancelStream: %s` says after a cancel', async (cancelStream, last) => {
    const clock = manualClock();
    const { client } = setUp({ clock, cancelStream, queuedMs: 0, runMs: 1000 });
    const stream = await client.responses.create({ ...request, tools: [...tools] });
    const events: StreamEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await clock.advance(500);
    const id = events[0]?.type === 'response.created' ? events[0].response.id : '';
    const before = events.length;
    expect(await client.responses.cancel(id)).toMatchObject({ status: 'cancelled', output: [], usage: null });
    await clock.advance(1000);
    await reading;
    expect(events.slice(before).at(-1)?.type).toBe(last);
    const replay = await collect(await client.responses.retrieve(id, { stream: true }));
    expect(replay).toEqual(events);
  });
});

test('a foreground stream has no queued event and pads its deltas to a multiple of 16 characters', async () => {
  const { client } = setUp();
  const events = await collect(
    await client.responses.create({ ...request, background: false, tools: [...tools] }),
  );
  expect(events.slice(0, 2).map((event) => event.type)).toEqual(['response.created', 'response.in_progress']);
  for (const event of events) {
    if (!('delta' in event) || typeof event.delta !== 'string' || !('obfuscation' in event)) continue;
    expect((event.delta.length + event.obfuscation.length) % 16).toBe(0);
  }
});

test('closing a foreground stream cancels the response, closing a background stream does not', async () => {
  const clock = manualClock();
  const { client, emulator } = setUp({ clock, runMs: 1000 });
  for (const background of [false, true]) {
    const stream = await client.responses.create({ ...request, background, tools: [...tools] });
    await stream[Symbol.asyncIterator]().next();
    stream.controller.abort();
  }
  await clock.advance(2000);
  const statuses = emulator
    .snapshot()
    .responses.map((response) => (response.cancelled === null ? 'ran' : 'cancelled'));
  expect(statuses).toEqual(['cancelled', 'ran']);
});

async function streamed(
  fault: Fault,
  from?: number,
): Promise<{ types: string[]; error?: unknown; text: string }> {
  // Ids and snapshots contain the time, so two emulators match only if the clock does not advance.
  const { emulator } = setUp({ script: [{ text: 'Grüße aus dem All' }], clock: manualClock() });
  await using server = await serveEmulator(emulator);
  const create = await fetch(`${server.url}/responses`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', input: 'x', background: true, stream: true }),
  });
  const whole = await create.text();
  const id = /resp_\w+/.exec(whole)?.[0] ?? '';
  emulator.inject(fault);
  const resumed = await fetch(
    `${server.url}/responses/${id}?stream=true${from === undefined ? '' : `&starting_after=${from}`}`,
  );
  let text = '';
  let error: unknown;
  try {
    const decoder = new TextDecoder();
    for await (const chunk of resumed.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch (caught) {
    error = caught;
  }
  return { types: [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1]?.trim() ?? ''), error, text };
}

describe('over HTTP', () => {
  test('drop-after-event breaks the connection after event `n`', async () => {
    const { types, error } = await streamed({ fault: 'drop-after-event', n: 2 });
    expect(types).toEqual(['response.created', 'response.queued', 'response.in_progress']);
    expect(error).toBeInstanceOf(TypeError);
  });

  test('eof-without-terminal ends cleanly without the last event', async () => {
    const { types, error } = await streamed({ fault: 'eof-without-terminal' });
    expect(types.at(-1)).toBe('response.output_item.done');
    expect(error).toBeUndefined();
  });

  test('gap omits an event', async () => {
    const { text } = await streamed({ fault: 'gap', n: 3, size: 2 });
    expect(text).not.toContain('"sequence_number":3,');
    expect(
      [...text.matchAll(/"sequence_number":(\d+)/g)].map((match) => Number(match[1])).slice(0, 4),
    ).toEqual([0, 1, 2, 5]);
  });

  test('duplicate-events-on-resume repeats events up to the cursor', async () => {
    const { text } = await streamed({ fault: 'duplicate-events-on-resume', n: 2 }, 4);
    expect(/"sequence_number":(\d+)/.exec(text)?.[1]).toBe('3');
  });

  test('split-chunks splits characters without losing data', async () => {
    const plain = await streamed({ fault: 'slow', on: 'cancel' });
    const split = await streamed({ fault: 'split-chunks', bytes: 3 });
    expect(split.text).toBe(plain.text);
    expect(split.text).toContain('Grüße');
  });

  test.each([
    ['missing-last-blank-line', (text: string) => text.endsWith('}\n') && !text.endsWith('\n\n')],
    ['keepalive-comments', (text: string) => text.startsWith(': keep-alive\n\nevent: ')],
    ['done-sentinel', (text: string) => text.endsWith('data: [DONE]\n\n')],
    ['crlf', (text: string) => text.includes('\r\ndata: ')],
    ['unsequenced-events', (text: string) => !text.includes('sequence_number')],
    [
      'rotating-item-ids',
      (text: string) => new Set([...text.matchAll(/"item_id":"(\w+)"/g)].map((match) => match[1])).size > 3,
    ],
  ] as const)('%s changes the received text', async (fault, holds) => {
    const { text } = await streamed({ fault });
    expect(holds(text)).toBe(true);
  });
});
