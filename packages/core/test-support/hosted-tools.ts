import type { AgentTool } from '../src/agent/collect-tools.ts';
import { defineAgent, type Agent } from '../src/agent/define-agent.ts';
import { fetchClient } from '../src/client/fetch-client.ts';
import { createRunner } from '../src/driver/runner/create-runner.ts';
import type { DrivingRunner } from '../src/run/driving-runner.ts';
import { memoryStore } from '../src/store/memory-store.ts';
import type { RunStore } from '../src/store/run-store.ts';
import { manualClock } from '../src/testing/manual-clock.ts';
import type { JsonObject } from '../src/wire/json.ts';
import { messageOf, responseOf, type SeenRequest } from './hand-server.ts';

/**
 * Secrets that {@link hosted} puts into hosted tools, one in each kind of place. Tests check that they are neither
 * shown nor saved.
 */
export const secrets: readonly string[] = [
  'tok-authorization-1',
  'tok-header-1',
  'tok-password-1',
  'tok-query-1',
  'tok-domain-1',
];

export function hosted(from: readonly string[] = secrets): readonly AgentTool[] {
  const [authorization, header, password, query, domain] = from;
  return [
    {
      type: 'mcp',
      server_label: 'docs',
      server_url: `https://me:${password}@mcp.test/sse?key=${query}`,
      authorization,
      headers: { Authorization: `Bearer ${header}`, 'X-Team': 'maps' },
      require_approval: 'never',
    },
    {
      type: 'code_interpreter',
      container: {
        type: 'auto',
        network_policy: {
          type: 'allowlist',
          allowed_domains: ['a.test'],
          domain_secrets: [{ domain: 'a.test', name: 'KEY', value: domain }],
        },
      },
    },
  ];
}

export const leaks = (value: unknown, all: readonly string[] = secrets): readonly string[] =>
  all.filter((secret) => JSON.stringify(value ?? null).includes(secret));

export interface World {
  readonly store: RunStore;
  readonly seen: SeenRequest[];
  runner(agent: Agent): DrivingRunner;
  readonly clock: ReturnType<typeof manualClock>;
}

/** One store, runners on it as in several processes, and a server whose answers the test defines. */
export function world(answer: (request: SeenRequest, count: number) => Response | JsonObject): World {
  const clock = manualClock(1_770_000_000_000);
  const store = memoryStore({ clock });
  const seen: SeenRequest[] = [];
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = {
      method: init.method ?? 'GET',
      path: new URL(url).pathname,
      body: JSON.parse(typeof init.body === 'string' ? init.body : '{}'),
      headers: new Headers(init.headers),
    };
    seen.push(request);
    const given = answer(request, seen.length);
    return given instanceof Response ? given : Response.json(given);
  };
  const client = fetchClient({ baseURL: 'http://server.test/v1', fetch });
  const options = { client, clock, store, mode: 'poll', random: () => 0.5 } as const;
  return { store, seen, clock, runner: (agent) => createRunner({ ...options, agents: [agent] }) };
}

export const done = (id: string): JsonObject => responseOf(id, 'completed', { output: [messageOf('ok')] });

/** An agent whose `prepareRequest` sets the hosted tools with the current tokens. */
export function preparing(tokens: () => readonly string[] | undefined, more = {}): Agent {
  return defineAgent({
    name: 'a',
    model: 'm',
    prepareRequest: (request) => {
      const now = tokens();
      return now === undefined ? undefined : { ...request, ...more, tools: hosted(now) };
    },
  });
}
