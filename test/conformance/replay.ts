import type { Iteration } from '@longhaul/core/testing';
import { createEmulator, manualClock, type Emulator, type ManualClock } from '@longhaul/core/testing';
import {
  isRecord,
  parseEvents,
  type Exchange,
  type Json,
  type JsonRecord,
  type RecordedEvent,
} from './recordings.ts';

/** The models in the recordings, and the dated names that they resolve to. */
const models = {
  'gpt-4o': 'gpt-4o-2024-08-06',
  'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
  'gpt-4.1-mini': 'gpt-4.1-mini-2025-04-14',
  'gpt-5-mini': 'gpt-5-mini-2025-08-07',
  'o4-mini': 'o4-mini-2025-04-16',
  'o3-mini': 'o3-mini-2025-01-31',
};

export interface Replayed {
  readonly status: number;
  readonly headers: Headers;
  readonly body?: JsonRecord;
  readonly events?: readonly RecordedEvent[];
}

function records(value: Json | undefined): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The iteration that produces a recorded response. Items that the emulator cannot generate are raw items. */
function iterationOf(response: JsonRecord, queuedMs: number, runMs: number): Iteration {
  const output = records(response['output']);
  const message = output.find((item) => item['type'] === 'message');
  const rest = output.filter((item) => item['type'] !== 'message' && item['type'] !== 'function_call');
  const calls = output.filter((item) => item['type'] === 'function_call');
  const [part] = records(message?.['content']);
  const error = response['error'];
  const details = response['incomplete_details'];
  return {
    items: rest.map(({ id: _id, ...item }) => ({ ...item, type: text(item['type']) })),
    calls: calls.map((item) => ({
      name: text(item['name']),
      arguments: text(item['arguments']),
      callId: text(item['call_id']),
    })),
    ...(part === undefined ? {} : { text: text(part['text']) }),
    ...(isRecord(error) ? { fail: { code: text(error['code']), message: text(error['message']) } } : {}),
    ...(isRecord(details) ? { incomplete: text(details['reason']) } : {}),
    ...(isRecord(response['usage']) ? { usage: response['usage'] } : {}),
    queuedMs,
    runMs,
  };
}

/** The last recorded state of the response that a create started. */
function finalObject(exchanges: readonly Exchange[], created: JsonRecord): JsonRecord {
  const seen = exchanges.flatMap(({ response }) => [
    ...(response.body === undefined ? [] : [response.body]),
    ...(response.events ?? []).map(({ data }) => data['response']).filter(isRecord),
  ]);
  return seen.findLast((body) => body['id'] === created['id'] && body['object'] === 'response') ?? created;
}

function responseOf({ response }: Exchange): JsonRecord | undefined {
  const first = response.events?.[0]?.data['response'];
  return response.body ?? (isRecord(first) ? first : undefined);
}

function iterationsOf(exchanges: readonly Exchange[]): readonly Iteration[] {
  return exchanges
    .filter(
      ({ request, response }) =>
        request.method === 'POST' && request.url.endsWith('/responses') && response.status === 200,
    )
    .map((exchange) => iterationOf(finalObject(exchanges, responseOf(exchange) ?? {}), 1000, 1000));
}

/** The time at which a response reaches a status, in ms after its create. It is 2,000 ms for all other statuses. */
const shownAfter: { readonly [status: string]: number } = { queued: 0, in_progress: 1000 };

/** Sends recorded requests to an emulator, with the emulator's ids in place of the recorded ids. */
export class Replay {
  readonly #clock: ManualClock = manualClock(1_770_757_620_000);
  readonly #ids = new Map<string, string>();
  readonly #emulator: Emulator;
  #startedAt = 0;

  constructor(exchanges: readonly Exchange[]) {
    const iterations = [...iterationsOf(exchanges)];
    const stored = exchanges.map(responseOf).find((body) => typeof body?.['store'] === 'boolean')?.['store'];
    this.#emulator = createEmulator({
      script: () => iterations.shift() ?? {},
      clock: this.#clock,
      models,
      storeDefault: stored !== false,
    });
  }

  async send({ request, response }: Exchange): Promise<Replayed> {
    const creates = request.method === 'POST' && request.url.endsWith('/responses');
    if (creates) this.#startedAt = this.#clock.now();
    else await this.#waitFor(response.body?.['status']);
    const answering = this.#emulator.fetch(this.#translated(request.url), {
      method: request.method,
      ...(request.body === null ? {} : { body: this.#translated(JSON.stringify(request.body)) }),
    });
    const foreground = creates && request.body?.['background'] !== true;
    if (foreground) await this.#clock.advance(1000);
    const answer = await answering;
    const reading = answer.text();
    if (response.events !== undefined) await this.#clock.advance(2000);
    const replayed = this.#read(answer, await reading);
    this.#learn(
      response.body ?? response.events?.at(-1)?.data['response'],
      replayed.body ?? replayed.events?.at(-1)?.data['response'],
    );
    return replayed;
  }

  #read({ status, headers }: Response, body: string): Replayed {
    if (headers.get('content-type')?.startsWith('text/event-stream'))
      return { status, headers, events: parseEvents(body) };
    const parsed: JsonRecord = JSON.parse(body);
    return { status, headers, body: parsed };
  }

  async #waitFor(status: Json | undefined): Promise<void> {
    if (typeof status !== 'string' || status === 'cancelled') return;
    const at = this.#startedAt + (shownAfter[status] ?? 2000);
    if (at > this.#clock.now()) await this.#clock.advance(at - this.#clock.now());
  }

  #translated(text_: string): string {
    let translated = text_;
    for (const [theirs, ours] of this.#ids) translated = translated.replaceAll(theirs, ours);
    return translated;
  }

  /** Maps the ids of the response and of its items, in the order of the output. */
  #learn(theirs: Json | undefined, ours: Json | undefined): void {
    if (!isRecord(theirs) || !isRecord(ours)) return;
    const output = records(ours['output']);
    const pairs = [[theirs, ours], ...records(theirs['output']).map((item, index) => [item, output[index]])];
    for (const [their, our] of pairs) {
      const [from, to] = [text(their?.['id']), text(our?.['id'])];
      if (from !== '' && to !== '') this.#ids.set(from, to);
    }
  }
}
