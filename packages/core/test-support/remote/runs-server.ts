import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Decision } from '../../src/engine/decision.ts';
import type { RunEvent } from '../../src/engine/view/run-event.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';
import { ServedRun } from './served-run.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: JsonObject;
}

/** A fault of a request: answers with a status, breaks the connection before or after it took effect. */
export type Fault =
  | number
  | 'break'
  | 'break-after'
  | { readonly status: number; readonly headers: Record<string, string> };

/** A server with the routes of `createRunsHandler` over HTTP on loopback. Tests change its runs themselves. */
export class RunsServer {
  readonly runs: Map<string, ServedRun> = new Map();
  readonly seen: SeenRequest[] = [];
  /** The original body of each start. */
  readonly #bodies = new Map<string, string>();
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  url = '';
  /** Returns the fault of a request, if it has one. */
  fault: (request: SeenRequest) => Fault | undefined = () => undefined;
  /** The decisions that took effect. */
  readonly decided: (Decision & { readonly leaseId?: string })[] = [];
  /** Whether the streams wait, as in a slow network. */
  areStreamsHeld = false;
  /** Whether answers show saves, which lack the text that streams. */
  answersSaves = false;
  now: () => number = () => Date.now();

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/api`;
    return this;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** The requests of a method whose path ends so. */
  requests(method: string, end: string): readonly SeenRequest[] {
    return this.seen.filter((one) => one.method === method && one.path.endsWith(end));
  }

  run(id: string): ServedRun {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`There is no run ${id}.`);
    return run;
  }

  add(id: string, agent = 'support', input = 'Hello'): ServedRun {
    const run = new ServedRun(id, agent, input);
    this.runs.set(id, run);
    return run;
  }

  breakStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  heartbeat(): void {
    for (const stream of this.#streams) stream.write(': heartbeat\n\n');
  }

  send(event: string, data: object): void {
    for (const stream of this.#streams)
      if (!stream.writableEnded) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://server.test');
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method = 'GET', headers } = incoming;
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    const body = isJsonObject(parsed) ? parsed : {};
    const request = {
      method,
      path: url.pathname.replace(/^\/api/, ''),
      query: url.searchParams,
      headers,
      body,
    };
    this.seen.push(request);
    const fault = this.fault(request);
    if (fault === 'break') return void outgoing.destroy();
    const answer = (status: number, value?: object, more: Record<string, string> = {}): void => {
      if (fault === 'break-after') return void outgoing.destroy();
      outgoing.writeHead(status, { 'content-type': 'application/json', ...more });
      outgoing.end(value === undefined ? undefined : JSON.stringify(value));
    };
    const refuse = (status: number, code: string, message: string, more = {}): void =>
      answer(status, { error: { code, message } }, more);
    if (typeof fault === 'number') return refuse(fault, `status_${fault}`, `The fault ${fault}.`);
    if (typeof fault === 'object') return refuse(fault.status, 'fault', 'A fault.', fault.headers);
    const [, first, id = '', action, callId] = request.path.split('/');
    if (first === 'events') return this.#stream(request, outgoing);
    if (first === 'threads') return this.#answerThreads(decodeURIComponent(id), request, answer, refuse);
    if (id === '' && method === 'POST') return this.#start(body, text, answer, refuse);
    if (id === '') return answer(200, { runs: this.#summaries(request.query.getAll('status')) });
    const run = this.runs.get(id);
    if (run === undefined) return refuse(404, 'not_found', `There is no run ${id}.`);
    const shown = (): object =>
      this.answersSaves && !run.over ? run.save() : { view: run.view, seq: run.seq };
    if (method === 'DELETE') {
      if (!run.over) return refuse(409, 'conflict', `The run ${id} is active.`);
      this.runs.delete(id);
      return answer(204);
    }
    if (action === undefined) return answer(200, shown());
    if (action === 'resume') return answer(202, shown());
    if (action === 'cancel') {
      if (!run.over) run.emit({ type: 'run.ended', status: 'cancelled', usage: run.view.usage });
      return answer(202, shown());
    }
    if (action === 'decisions') {
      const problem = this.#decide(run, body);
      return problem === undefined ? answer(202, shown()) : refuse(409, 'decision', problem);
    }
    return this.#lease(run, decodeURIComponent(callId ?? ''), body, answer, refuse);
  }

  #start(
    body: JsonObject,
    text: string,
    answer: (status: number, value?: object) => void,
    refuse: (status: number, code: string, message: string) => void,
  ): void {
    const { runId, agent, input } = body;
    const id = String(runId);
    const known = this.#bodies.get(id);
    if (known !== undefined && known !== text) return refuse(409, 'conflict', `The id ${id} is taken.`);
    if (agent === 'unknown') return refuse(400, 'invalid_request', 'There is no agent "unknown".');
    this.#bodies.set(id, text);
    const run = this.runs.get(id) ?? this.add(id, String(agent), typeof input === 'string' ? input : '');
    answer(known === undefined ? 201 : 200, { view: run.view, seq: run.seq });
  }

  #answerThreads(
    threadId: string,
    { query }: SeenRequest,
    answer: (status: number, value?: object) => void,
    refuse: (status: number, code: string, message: string) => void,
  ): void {
    const views = [...this.runs.values()].map(({ view }) => view);
    if (threadId !== '') {
      const runs = views
        .filter((view) => view.threadId === threadId)
        .map(({ runId, agent, status, createdAt }) => ({ runId, agent, status, createdAt }));
      return runs.length === 0 ? refuse(404, 'not_found', 'There is no such run.') : answer(200, { runs });
    }
    const after = views.findIndex((view) => view.threadId === query.get('after')) + 1;
    const threads = views
      .slice(after, after + Number(query.get('limit')))
      .map(({ threadId: id, status, updatedAt }) => ({
        threadId: id,
        title: '',
        status,
        updatedAt,
        runs: 1,
      }));
    answer(200, { threads });
  }

  #summaries(statuses: readonly string[]): object[] {
    return [...this.runs.values()].flatMap(({ id, view, seq }) => {
      const { agent, status, createdAt, updatedAt } = view;
      if (statuses.length > 0 && !statuses.includes(status)) return [];
      return [{ runId: id, agent, status, revision: seq, createdAt, updatedAt }];
    });
  }

  #decide(run: ServedRun, { decisions, iteration }: JsonObject): string | undefined {
    for (const decision of Array.isArray(decisions) ? decisions : []) {
      if (!isJsonObject(decision)) return 'Not a decision.';
      const { callId, type, leaseId } = decision;
      const call = run.view.toolCalls.find((one) => one.callId === callId && one.iteration === iteration);
      if (this.decided.some((one) => JSON.stringify(one) === JSON.stringify(decision))) continue;
      const awaited = type === 'output' || type === 'error' ? 'awaiting_output' : 'awaiting_approval';
      if (call?.status !== awaited) return `The call ${String(callId)} does not wait for "${String(type)}".`;
      const lease = run.leases.get(call.callId);
      if (lease !== undefined && lease.expiresAt > this.now() && lease.leaseId !== leaseId)
        return `The call ${call.callId} is leased.`;
      this.decided.push(JSON.parse(JSON.stringify(decision)));
      const { name } = call;
      const at = { iteration: call.iteration, callId: call.callId };
      if (type === 'approve') run.emit({ type: 'decision.made', ...at, decision: 'approve' });
      else
        run.emit({
          type: 'tool.settled',
          ...at,
          name,
          status: type === 'deny' ? 'denied' : type === 'error' ? 'failed' : 'completed',
        });
    }
    return undefined;
  }

  #lease(
    run: ServedRun,
    callId: string,
    body: JsonObject,
    answer: (status: number, value?: object) => void,
    refuse: (status: number, code: string, message: string) => void,
  ): void {
    const call = run.view.toolCalls.find((one) => one.callId === callId);
    const leaseId = typeof body['leaseId'] === 'string' ? body['leaseId'] : `lease-${this.seen.length}`;
    const known = run.leases.get(callId);
    const isTaken = known !== undefined && known.expiresAt > this.now() && known.leaseId !== leaseId;
    if (call?.status !== 'awaiting_output' || isTaken) return refuse(409, 'decision', 'The call is leased.');
    const expiresAt = this.now() + 30_000;
    run.leases.set(callId, { leaseId, expiresAt });
    run.emit({ type: 'tool.leased', iteration: call.iteration, callId, leasedUntil: expiresAt });
    answer(200, { leaseId, expiresAt });
  }

  #stream(request: SeenRequest, outgoing: ServerResponse): void {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.flushHeaders();
    this.#streams.add(outgoing);
    const ends: (() => void)[] = [];
    outgoing.once('close', () => {
      this.#streams.delete(outgoing);
      for (const end of ends) end();
    });
    const write = (data: object, event?: string): void =>
      void outgoing.write(
        `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`,
      );
    for (const entry of (request.query.get('runs') ?? '').split(',').filter(Boolean)) {
      const [runId = '', after] = entry.split(':');
      const run = this.runs.get(runId);
      if (run === undefined) {
        write({ runId }, 'gone');
        continue;
      }
      let sent = after === undefined ? -1 : Number(after);
      let hasEnded = false;
      const pump = (): void => {
        if (hasEnded || outgoing.writableEnded || this.areStreamsHeld) return;
        const view: RunEvent = { type: 'view', view: run.view, seq: run.seq, at: run.seq };
        // A reader that is ahead never receives an older view.
        for (const event of run.after(sent) ?? (sent < run.seq ? [view] : [])) {
          write({ runId, event });
          sent = event.seq;
        }
        if (!run.over) return;
        hasEnded = true;
        write({ runId }, 'end');
      };
      pump();
      ends.push(run.subscribe(pump));
    }
  }
}

/** A server that is closed at the end of the test. */
export async function runsServer(): Promise<RunsServer> {
  const server = await new RunsServer().listen();
  onTestFinished(() => server.close());
  return server;
}
