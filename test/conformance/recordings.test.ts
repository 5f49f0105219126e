import { describe, expect, test } from 'vitest';
import { asOldAs, normalised } from './normalise.ts';
import {
  haveRecordings,
  isRecord,
  rawStreams,
  recordings,
  whyNot,
  type Exchange,
  type Json,
  type JsonRecord,
  type RecordedEvent,
} from './recordings.ts';
import { Replay } from './replay.ts';

/** Removes values that depend on the model, which the emulator does not know. */
function withoutModelDefaults(body: JsonRecord): JsonRecord {
  const { reasoning: _effort, ...rest } = body;
  return rest;
}

function comparable(value: Json | undefined, like: Json | undefined): Json {
  if (!isRecord(value) || !isRecord(like)) return normalised(value ?? null);
  // The number of tokens in a text depends on the model.
  if (value['object'] === 'response.input_tokens') return Object.keys(value).toSorted();
  const trimmed = value['object'] === 'response' ? withoutModelDefaults(asOldAs(value, like)) : value;
  return normalised(trimmed);
}

function comparableEvent(data: JsonRecord, like: Json | undefined): Json {
  const snapshot = data['response'];
  return normalised(snapshot === undefined ? data : { ...data, response: comparable(snapshot, like) });
}

/** Joins consecutive deltas of one item, because the model determines the token boundaries, not the API. */
function joined(events: readonly RecordedEvent[], theirs: readonly RecordedEvent[]): readonly Json[] {
  const list: JsonRecord[] = [];
  for (const [index, { data }] of events.entries()) {
    const { sequence_number: _number, obfuscation: _padding, logprobs: _logprobs, ...event } = data;
    const last = list.at(-1);
    const { delta } = event;
    const continues =
      last !== undefined && last['type'] === event['type'] && last['item_id'] === event['item_id'];
    if (continues && typeof delta === 'string' && typeof last['delta'] === 'string') {
      last['delta'] += delta;
      continue;
    }
    const like = theirs[index]?.data['response'] ?? theirs.at(-1)?.data['response'];
    list.push('response' in event ? { ...event, response: comparable(event['response'], like) } : event);
  }
  return list.map((event) => withoutLogprobs(normalised(event)));
}

/** Removes `logprobs`, which parts in streams of mid 2025 do not have. */
function withoutLogprobs(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutLogprobs);
  if (!isRecord(value)) return value;
  const { logprobs: _logprobs, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, withoutLogprobs(inner)]));
}

function rateLimitHeaders(headers: Iterable<string>): readonly string[] {
  return [...headers].filter((name) => name.startsWith('x-ratelimit')).toSorted();
}

async function replay(exchanges: readonly Exchange[]): Promise<void> {
  const api = new Replay(exchanges);
  for (const exchange of exchanges) {
    const { response } = exchange;
    const ours = await api.send(exchange);
    expect(ours.status).toBe(response.status);
    expect(ours.headers.get('content-type')).toBe(response.headers['content-type']);
    // Only recordings that contain a proxy's headers contain these headers.
    const keepsHeaders = 'x-envoy-upstream-service-time' in response.headers;
    expect(keepsHeaders ? rateLimitHeaders(ours.headers.keys()) : []).toEqual(
      rateLimitHeaders(Object.keys(response.headers)),
    );
    expect(comparable(ours.body, response.body)).toEqual(comparable(response.body, response.body));
    expect(ours.events?.map(({ event }) => event)).toEqual(response.events?.map(({ event }) => event));
    const like = response.events?.[0]?.data['response'];
    expect((ours.events ?? []).map(({ data }) => comparableEvent(data, like))).toEqual(
      (response.events ?? []).map(({ data }) => comparableEvent(data, like)),
    );
  }
}

describe.each(['background', 'foreground'] as const)(
  'the emulator answers %s traffic as recorded',
  (part) => {
    const cases = recordings(part);

    test.skipIf(!haveRecordings)(`recordings exist${whyNot}`, () => {
      expect(cases.length).toBeGreaterThan(0);
    });

    test.each(cases.map(({ name, exchanges }) => [name, exchanges] as const))(
      '%s',
      async (_name, exchanges) => {
        expect.hasAssertions();
        await replay(exchanges);
      },
    );
  },
);

/** The create of a stream, reconstructed from the echo in its first snapshot. */
function requestOf(events: readonly RecordedEvent[]): Exchange['request'] {
  const created = events[0]?.data['response'];
  if (!isRecord(created)) throw new Error('The stream does not begin with a response.');
  const { model, tools, instructions = null, max_output_tokens = null, store = true } = created;
  const body: JsonRecord = {
    model: typeof model === 'string' ? model.replace(/-\d{4}-\d\d-\d\d$/, '') : null,
    // The echo has `strict` even if the request did not, as the open schemas show.
    tools: Array.isArray(tools) ? tools.filter(isRecord).map(({ strict: _strict, ...tool }) => tool) : [],
    instructions,
    max_output_tokens,
    store,
    stream: true,
    input: 'Hi',
  };
  return { method: 'POST', url: 'https://api.openai.com/v1/responses', body };
}

describe('the emulator streams as recorded', () => {
  const cases = rawStreams();

  test.skipIf(!haveRecordings)(`recordings exist${whyNot}`, () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  test.each(cases.map(({ name, events }) => [name, events] as const))('%s', async (_name, events) => {
    const exchange: Exchange = { request: requestOf(events), response: { status: 200, headers: {}, events } };
    const ours = (await new Replay([exchange]).send(exchange)).events ?? [];
    expect(ours.map(({ data }) => data['sequence_number'])).toEqual(ours.map((_event, index) => index));
    expect(joined(ours, events)).toEqual(joined(events, events));
  });
});
