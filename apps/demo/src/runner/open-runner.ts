import { createRunner, fetchClient, type Agent, type Runner, type RunStore } from '@longhaul/core';
import { observeFetch } from '../trace/observe-fetch.ts';
import { recorder } from '../trace/page-recorder.ts';
import type { Connection } from './connection.ts';
import { pageFetch } from './page-network.ts';

/** Creates a runner of this page. The loop runs in the browser, and the server only forwards requests. */
export function openRunner(options: {
  readonly agent: Agent;
  readonly store: RunStore;
  readonly connection: Connection;
}): Runner {
  const { agent, store, connection } = options;
  const fetch = observeFetch({
    fetch: pageFetch,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    onSpan: recorder.takeSpan,
  });
  const runner = createRunner({
    client: fetchClient({ baseURL: '/v1', fetch }),
    agents: [agent],
    store,
    mode: connection === 'poll' ? 'poll' : 'auto',
  });
  recorder.follow(runner);
  return runner;
}
