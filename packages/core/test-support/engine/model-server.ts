import type { Failure } from '../../src/engine/policy/failure.ts';
import { isStreaming } from '../../src/engine/steps/stream-connection.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';
import type { EngineEventBody } from '../../src/engine/engine-event.ts';
import type { EngineWorld } from './engine-world.ts';
import { Broken } from './invariants.ts';
import { modelResponse, seen, type ModelResponse } from './model-response.ts';
import { pick } from './pick.ts';

const failures: readonly Failure[] = [
  { kind: 'lost', message: 'reset' },
  { kind: 'refused', message: 'ECONNREFUSED' },
  { ...http(200, null), sender: 'other' },
  http(503, 'server_is_overloaded'),
  { ...http(429, 'rate_limit_exceeded'), retryAfterMs: 2_000 },
  { ...http(502, null), sender: 'other' },
  http(404, null),
  http(401, 'invalid_api_key'),
  http(400, null, 'input'),
  http(400, 'previous_response_not_found', 'previous_response_id'),
  http(400, null, 'include', 'Encrypted content is not supported with this model.'),
  http(400, 'unsupported_parameter', 'stream'),
  http(429, 'insufficient_quota'),
  http(400, 'invalid_value', 'temperature'),
  http(409, 'conversation_locked'),
  // What stands between a client and the API: it must never end a run that has come to something.
  { ...http(404, null), sender: 'other', page: true },
  { ...http(403, null), sender: 'other' },
  { ...http(503, null), sender: 'other' },
  { ...http(200, null), sender: 'other', page: true },
  { kind: 'lost', message: 'no answer', timedOut: true },
];

function http(
  status: number,
  code: string | null,
  param: string | null = null,
  message = 'No.',
): Extract<Failure, { kind: 'http' }> {
  return { kind: 'http', status, code, type: null, param, message, sender: 'api' };
}

function isFinal({ type }: JsonObject): boolean {
  return typeof type === 'string' && /\.(completed|failed|incomplete)$/.test(type);
}

function fails(how: number): boolean {
  return ((how >> 7) & 7) === 7;
}

/** The server: answers the request that is on its way, and tells what its stream has to tell. */
export class ModelServer {
  readonly #world: EngineWorld;
  readonly #responses: Map<string, ModelResponse> = new Map();
  #made = 0;
  /** The stream that is open, and the number of the event that comes next. */
  #stream: { readonly of: ModelResponse; readonly connection: number; next: number } | undefined;
  /** The text that the pending response's streams have told, each event once. */
  #heard = '';

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** Whether there is more to be heard. What came together with a last event is heard after it, but nothing later. */
  get streams(): boolean {
    if (this.#stream?.connection !== this.#world.connection) this.hangUp();
    return this.#stream !== undefined;
  }

  /** Nobody listens any more. */
  hangUp(): void {
    this.#stream = undefined;
  }

  #feed(event: EngineEventBody): void {
    this.#world.feed(event);
  }

  #answered(): void {
    this.#world.request = undefined;
    this.#world.time += 100;
  }

  #fail(to: 'create' | 'retrieve' | 'cancel' | 'stream', how: number): void {
    this.#answered();
    this.#feed({ type: 'request_failed', to, failure: pick(failures, how) });
  }

  /** Bits of `how`: 0–4 the plan, 5–6 how it begins, 7–9 whether it fails instead, 10–11 what the server echoes. */
  answerCreate(how: number): void {
    const world = this.#world;
    if (fails(how)) return this.#fail('create', how % 20);
    const { background } = world.setup.spec;
    const flags = how >> 10 === 3 ? { background: false, store: false } : { background, store: true };
    this.#made += 1;
    // Some servers number no events.
    const response = modelResponse(this.#made, how & 31, { ...flags, numbered: how >> 10 !== 1 });
    this.#responses.set(response.id, response);
    const status = pick(
      ['queued', 'in_progress', 'moderating', response.plan.status],
      background ? how >> 4 : 3,
    );
    const create = world.request;
    this.#answered();
    if (create?.kind === 'create' && create.body.stream === true) {
      this.#stream = { of: response, connection: world.connection, next: 0 };
      this.#heard = '';
      return this.streamOn(0);
    }
    this.#learn(response, status);
    this.#feed({ type: 'responded', to: 'create', response: seen(response, status) });
  }

  #learn(response: ModelResponse, status: string): void {
    this.#world.learn(response.id, status);
  }

  answerRetrieve(how: number): void {
    const { request } = this.#world;
    if (request?.kind !== 'retrieve') return;
    const response = this.#responses.get(request.responseId);
    if (fails(how)) return this.#fail(request.stream ? 'stream' : 'retrieve', how % 20);
    if (response === undefined) return this.#fail('retrieve', 6);
    this.#answered();
    if (request.stream && ((how >> 5) & 3) !== 3) {
      const { connection } = this.#world;
      this.#stream = { of: response, connection, next: (request.startingAfter ?? -1) + 1 };
      // Read from its beginning, it is shown anew.
      if (request.startingAfter === undefined) this.#heard = '';
      return this.#feed({ type: 'stream_opened' });
    }
    const status = pick([response.plan.status, 'in_progress', 'queued', 'moderating'], how);
    this.#learn(response, status);
    const named = how >> 10 === 3 ? { ...seen(response, status), id: 'other' } : seen(response, status);
    this.#feed({
      type: 'responded',
      to: 'retrieve',
      response: named,
      ...(how >> 10 === 2 ? { asked: { serverMs: 5_000 } } : {}),
    });
  }

  answerCancel(how: number): void {
    const { request } = this.#world;
    if (request?.kind !== 'cancel') return;
    const response = this.#responses.get(request.responseId);
    if (fails(how) || response === undefined) return this.#fail('cancel', how % 20);
    this.#answered();
    const status = pick(['cancelled', response.plan.status, 'in_progress'], how);
    const answer = { ...seen(response, status), status };
    this.#learn(response, status);
    this.#feed({ type: 'responded', to: 'cancel', response: answer });
  }

  /** Bits of `how`: 0–2 how many events come, 3–5 what is odd about them, 6–8 whether the stream ends, 9 one by one. */
  streamOn(how: number): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    const { log, flags } = stream.of;
    this.#world.time += 50;
    if (((how >> 6) & 7) === 7 || stream.next >= log.length) {
      this.#stream = undefined;
      return this.#feed({ type: 'stream_ended', reason: pick(['eof', 'lost', 'idle'] as const, how) });
    }
    const events: JsonObject[] = [];
    // What is repeated or left out without a number cannot be told.
    const odd = flags.numbered ? (how >> 3) & 7 : 3;
    if (odd === 1) events.push({ type: 'keepalive', sequence_number: -1 });
    if (odd === 2) events.push(log[Math.max(0, stream.next - 2)] ?? {});
    if (odd === 3) events.push({ type: 'response.hologram.delta', delta: 7 });
    if (odd === 4) stream.next += 1;
    if (odd === 5) events.push({ type: 'error', code: 'server_error', message: '' });
    const coming = log.slice(stream.next, stream.next + (1 << (how & 7)));
    events.push(...coming);
    if (odd === 6) events.splice(events.length >> 1, 1);
    if (odd === 7) events.push(...coming);
    stream.next += coming.length;
    // What had arrived when a stream was given up is told all the same.
    for (const batch of (how >> 9) & 1 ? events.map((event) => [event]) : [events]) this.#streamed(batch);
    this.#mustTellOnce();
  }

  #streamed(events: readonly JsonObject[]): void {
    const { phase } = this.#world.state;
    let cursor = phase.type === 'waiting' ? phase.cursor : null;
    let gap = phase.type === 'waiting' && phase.gap;
    const listens = phase.type !== 'waiting' || isStreaming(phase);
    // What comes after a stream was given up is not heard.
    for (const event of listens ? events : []) {
      const { type, delta, response, sequence_number: number } = event;
      const isEnd = isFinal(event);
      if (cursor !== null && typeof number === 'number' && number <= cursor && !isEnd) continue;
      if (cursor !== null && typeof number === 'number' && number > cursor + 1) gap = true;
      if (typeof number === 'number') cursor = Math.max(cursor ?? number, number);
      if (type === 'response.output_text.delta' && typeof delta === 'string') this.#heard += delta;
      // After missing events an empty output says nothing: the response is asked for once more.
      const isKept = gap && isJsonObject(response) && JSON.stringify(response['output']) === '[]';
      if (this.#stream !== undefined && isJsonObject(response) && !isKept) {
        this.#learn(this.#stream.of, String(response['status']));
      }
      if (isEnd) break;
    }
    this.#feed({ type: 'streamed', events });
  }

  /** What a stream has told is shown once, whatever was dropped, sent twice or read again. */
  #mustTellOnce(): void {
    const { phase } = this.#world.state;
    if (phase.type !== 'waiting' || this.#stream === undefined) return;
    if (this.#world.view.text !== this.#heard)
      throw new Broken('Text', `${this.#world.view.text} instead of ${this.#heard}`);
  }
}
