import { createRunner, fetchClient, type Runner } from '@longhaul/core';

/** The runner of this page: the loop runs here, in the browser; the server only passes requests on. */
export function openRunner(): Runner {
  return createRunner({ client: fetchClient({ baseURL: '/v1' }) });
}
