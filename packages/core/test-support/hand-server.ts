import type { AgentTool } from '../src/agent/collect-tools.ts';
import { defineAgent, type Agent, type AgentOptions } from '../src/agent/define-agent.ts';
import { fetchClient } from '../src/client/fetch-client.ts';
import { createRunner } from '../src/driver/runner/create-runner.ts';
import type { RunnerOptions } from '../src/driver/runner/runner-options.ts';
import type { Run } from '../src/run/run.ts';
import type { SchemaSource } from '../src/schema/tool-schema.ts';
import { manualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { JsonObject } from '../src/wire/json.ts';

/** A request as the server receives it. */
export interface SeenRequest {
  readonly method: string;
  /** The path without the base URL: `/responses/resp_1?stream=true`. */
  readonly path: string;
  readonly body: JsonObject;
  readonly headers: Headers;
}

export interface HandServerOptions {
  readonly tools?: readonly AgentTool[];
  readonly agent?: Partial<AgentOptions<readonly AgentTool[], SchemaSource>>;
  readonly runner?: Partial<RunnerOptions>;
}

/** A server for answers that OpenAI does not send. It calls `answer` for each request. */
export interface HandServer {
  readonly clock: ManualClock;
  readonly agent: Agent;
  /** The options of the runners that `start` creates. */
  readonly options: RunnerOptions;
  readonly seen: readonly SeenRequest[];
  start(): Run;
}

/** A Response object with the required fields and those in `fields`. */
export function responseOf(id: string, status: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    object: 'response',
    status,
    background: true,
    store: true,
    output: [],
    usage: null,
    ...fields,
  };
}

export function messageOf(text: string): JsonObject {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content };
}

export function functionCall(callId: string, name: string, args: JsonObject | string): JsonObject {
  return { type: 'function_call', id: `fc_${callId}`, call_id: callId, name, arguments: args };
}

export function handServer(
  answer: (request: SeenRequest, count: number) => Response | JsonObject,
  { tools = [], agent: more, runner }: HandServerOptions = {},
): HandServer {
  const baseURL = 'http://server.test/v1';
  const clock = manualClock(1_770_000_000_000);
  const seen: SeenRequest[] = [];
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { method = 'GET', body, headers } = init;
    const request = {
      method,
      path: url.slice(baseURL.length),
      body: JSON.parse(typeof body === 'string' ? body : '{}'),
      headers: new Headers(headers),
    };
    seen.push(request);
    const given = answer(request, seen.length);
    return given instanceof Response ? given : Response.json(given);
  };
  const agent: Agent = defineAgent({ name: 'hand', model: 'm', tools, ...more });
  const options: RunnerOptions = {
    client: fetchClient({ baseURL, fetch }),
    clock,
    random: () => 0.5,
    mode: 'poll',
    ...runner,
  };
  return { clock, agent, options, seen, start: () => createRunner(options).start(agent, 'Hi') };
}
