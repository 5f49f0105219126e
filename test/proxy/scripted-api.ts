import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { listen } from './listening-server.ts';

export interface ApiRequest {
  readonly method: string;
  /** The unchanged target of the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Aborts when the connection of the request closes. */
  readonly gone: AbortSignal;
}

/** An API whose answers the test writes, for behaviour that the emulator does not have. */
export interface ScriptedApi extends AsyncDisposable {
  readonly baseURL: string;
  readonly requests: readonly ApiRequest[];
}

export async function startApi(
  answer: (request: ApiRequest, outgoing: ServerResponse) => void | Promise<void>,
): Promise<ScriptedApi> {
  const requests: ApiRequest[] = [];
  const server = await listen(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    let body = '';
    for await (const chunk of incoming.setEncoding('utf8')) body += String(chunk);
    const request = {
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: incoming.headers,
      body,
      gone: gone.signal,
    };
    requests.push(request);
    await answer(request, outgoing);
  });
  return {
    baseURL: `http://127.0.0.1:${server.port}/v1`,
    requests,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export function sendJson(
  outgoing: ServerResponse,
  body: object,
  status = 200,
  headers: Record<string, string> = {},
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
}

export function startEvents(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  outgoing.flushHeaders();
}

export function frame(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function snapshot(type: string, sequence_number: number, status: string, id = 'resp_raw'): string {
  return frame({ type, sequence_number, response: { id, object: 'response', status, output: [] } } as {
    type: string;
  });
}
