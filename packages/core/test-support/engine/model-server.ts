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
  // The next four are answers of gateways and proxies. They must not end a run that has completed iterations.
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

/** The simulated server. Answers the pending request and sends the events of its stream. */
export class ModelServer {
  readonly #world: EngineWorld;
  readonly #responses: Map<string, ModelResponse> = new Map();
  #made = 0;
  /** The open stream and the number of its next event. */
  #stream: { readonly of: ModelResponse; readonly connection: number; next: number } | undefined;
  /** The text from the streams of the pending response, counting each event once. */
  #text = '';

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** Whether a stream is open on the current connection. */
  get streams(): boolean {
    if (this.#stream?.connection !== this.#world.connection) this.hangUp();
    return this.#stream !== undefined;
  }

  /** Closes the stream. */
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

  /**
   * Bits of `how`:
   *
   * - 0–4: the plan
   * - 4–5: the first status of a background response
   * - 7–9: whether the create fails
   * - 10–11: the echoed flags, and whether events are numbered
   */
  answerCreate(how: number): void {
    const world = this.#world;
    if (fails(how)) return this.#fail('create', how % 20);
    const { background } = world.setup.spec;
    const flags = how >> 10 === 3 ? { background: false, store: false } : { background, store: true };
    this.#made += 1;
    // Some servers do not number events.
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
      this.#text = '';
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
      // A stream that is read from its beginning replaces the shown text.
      if (request.startingAfter === undefined) this.#text = '';
      return this.#feed({ type: 'stream_opened' });
    }
    const status = pick([response.plan.status, 'in_progress', 'queued', 'moderating'], how);
    this.#learn(response, status);
    const answer = { ...seen(response, status), tookMs: (how & 63) * 1_000 };
    const named = how >> 10 === 3 ? { ...answer, id: 'other' } : answer;
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

  /**
   * Bits of `how`:
   *
   * - 0–2: the number of events, a power of two
   * - 3–5: the fault of the events, such as a repeated, missing or unknown event
   * - 6–8: whether the stream ends
   * - 9: whether events are sent one by one
   */
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
    // Repeated or missing events cannot be detected without numbers.
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
    // Events that arrived before the stream was abandoned are still fed.
    for (const batch of (how >> 9) & 1 ? events.map((event) => [event]) : [events]) this.#streamed(batch);
    this.#mustShowOnce();
  }

  #streamed(events: readonly JsonObject[]): void {
    const { phase } = this.#world.state;
    let cursor = phase.type === 'waiting' ? phase.cursor : null;
    let gap = phase.type === 'waiting' && phase.gap;
    const listens = phase.type !== 'waiting' || isStreaming(phase);
    // Events after the stream was abandoned are ignored.
    for (const event of listens ? events : []) {
      const { type, delta, response, sequence_number: number } = event;
      const isEnd = isFinal(event);
      if (cursor !== null && typeof number === 'number' && number <= cursor && !isEnd) continue;
      if (cursor !== null && typeof number === 'number' && number > cursor + 1) gap = true;
      if (typeof number === 'number') cursor = Math.max(cursor ?? number, number);
      if (type === 'response.output_text.delta' && typeof delta === 'string') this.#text += delta;
      // After missing events an empty output is not trusted, and the response is retrieved again.
      const isKept = gap && isJsonObject(response) && JSON.stringify(response['output']) === '[]';
      if (this.#stream !== undefined && isJsonObject(response) && !isKept) {
        this.#learn(this.#stream.of, String(response['status']));
      }
      if (isEnd) break;
    }
    this.#feed({ type: 'streamed', events });
  }

  /** The view must show each received delta once, even if events are missing, repeated or read again. */
  #mustShowOnce(): void {
    const { phase } = this.#world.state;
    if (phase.type !== 'waiting' || this.#stream === undefined) return;
    if (this.#world.view.text !== this.#text)
      throw new Broken('Text', `${this.#world.view.text} instead of ${this.#text}`);
  }
}
