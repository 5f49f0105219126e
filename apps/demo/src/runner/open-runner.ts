import { createRunner, fetchClient, type Runner } from '@longhaul/core';
import { observeFetch } from '../trace/observe-fetch.ts';
import { recorder } from '../trace/page-recorder.ts';
import { pageFetch } from './page-network.ts';

/** The runner of this page: the loop runs here, in the browser; the server only passes requests on. */
export function openRunner(): Runner {
  const fetch = observeFetch({
    fetch: pageFetch,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    onSpan: recorder.takeSpan,
  });
  const runner = createRunner({ client: fetchClient({ baseURL: '/v1', fetch }) });
  recorder.follow(runner);
  return runner;
}
