import { isJsonObject, type JsonObject } from '../src/wire/json.ts';
import {
  createEmulator,
  manualClock,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type Iteration,
  type ManualClock,
  type ScriptedCall,
} from '../src/testing/index.ts';

/** Faults of gateways, proxies and other servers; `gateway-faults.test.ts` tests them. */
export type GatewayFault =
  | 'buffer-stream'
  | 'call-with-output'
  | 'chain-ignored'
  | 'content-type'
  | 'empty-terminal-output'
  | 'error-event-first'
  | 'foreign-answer'
  | 'headers-timeout'
  | 'other-ids-in-terminal'
  | 'other-response-id'
  | 'same-call-id'
  | 'terminal-without-status'
  | 'untyped-events';

export const gatewayFaults: readonly GatewayFault[] = [
  'buffer-stream',
  'call-with-output',
  'chain-ignored',
  'content-type',
  'empty-terminal-output',
  'error-event-first',
  'foreign-answer',
  'headers-timeout',
  'other-ids-in-terminal',
  'other-response-id',
  'same-call-id',
  'terminal-without-status',
  'untyped-events',
];

const weather: ScriptedCall = { name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_x' };
export const iterations: Iteration[] = [{ calls: [weather] }, { text: 'Sunny.' }];
export const output: JsonObject = { type: 'function_call_output', call_id: 'call_x', output: 'sunny' };

/** The part of a stream that a client has received after two seconds. */
export interface SeenStream {
  readonly types: string[];
  /** The error that broke the body; undefined if the body ended cleanly or is still open. */
  readonly error: unknown;
  readonly text: string;
  /** The id of the response in the first event. */
  readonly id: string;
}

export interface FaultWorld {
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  raw(path: string, method?: string, body?: object): Promise<Response>;
  json(answer: Promise<Response>): Promise<JsonObject>;
  /** Sends a background create with these fields. */
  create(body?: object): Promise<Response>;
  /** Sends a background create and returns the id of its response. */
  created(body?: object): Promise<string>;
  /** Streams a background create and returns its events and its error. */
  events(body?: object): Promise<SeenStream>;
  get(id: string): Promise<JsonObject>;
}

/** An emulator with faults, and helpers for requests to it. */
export function faultWorld(faults: readonly Fault[], options: Partial<EmulatorOptions> = {}): FaultWorld {
  // WebCrypto signs webhooks outside the event loop, so the clock has to wait for it.
  const clock = manualClock(1_770_000_000_000, { patienceMs: options.webhooks === undefined ? 0 : 30 });
  const emulator = createEmulator({
    script: iterations,
    clock,
    queuedMs: 100,
    runMs: 900,
    faults,
    ...options,
  });
  const raw = (path: string, method = 'GET', body?: object): Promise<Response> =>
    emulator.fetch(`/v1/responses${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  async function json(answer: Promise<Response>): Promise<JsonObject> {
    const value: unknown = await (await answer).json();
    return isJsonObject(value) ? value : {};
  }
  const create = (body: object = {}): Promise<Response> =>
    raw('', 'POST', { model: 'gpt-4o', input: 'Weather?', background: true, ...body });
  async function created(body: object = {}): Promise<string> {
    const { id } = await json(create(body));
    return typeof id === 'string' ? id : '';
  }
  async function events(body: object = {}): Promise<SeenStream> {
    const response = await create({ stream: true, ...body });
    const decoder = new TextDecoder();
    let text = '';
    let error: unknown;
    const reading = (async () => {
      try {
        for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
      } catch (caught) {
        error = caught;
      }
    })();
    await clock.advance(2000);
    await Promise.race([reading, clock.advance(0)]);
    const types = [...text.matchAll(/^event: (.*?)\r?$/gm)].map((match) => match[1] ?? '');
    return { types, error, text, id: /resp_\w+/.exec(text)?.[0] ?? '' };
  }
  const get = (id: string): Promise<JsonObject> => json(raw(`/${id}`));
  return { clock, emulator, raw, json, create, created, events, get };
}
