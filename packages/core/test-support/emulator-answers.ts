import { createEmulator, type Emulator, type EmulatorOptions } from '../src/testing/index.ts';
import { isJsonObject, type JsonObject } from '../src/wire/json.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Api {
  readonly emulator: Emulator;
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly create: (body: object) => Promise<Answer>;
}

/** An emulator whose responses complete immediately, with a client for JSON requests. */
export function api(options: Partial<EmulatorOptions> = {}): Api {
  const emulator = createEmulator({ script: [{ text: 'Hi' }], queuedMs: 0, runMs: 0, ...options });
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await emulator.fetch(`/v1/responses${path}`, { method, headers, ...init });
    const json: unknown = await response.json();
    if (!isJsonObject(json)) throw new Error('not an object');
    return { status: response.status, body: json };
  }
  const create = (body: object): Promise<Answer> =>
    call('POST', '', { model: 'gpt-4o', input: 'Hi', ...body });
  return { emulator, call, create };
}

/** The status of an error, and its message, param and code. */
export function facts({ status, body }: Answer): readonly unknown[] {
  const error = isJsonObject(body['error']) ? body['error'] : {};
  return [status, error['message'], error['param'], error['code']];
}
