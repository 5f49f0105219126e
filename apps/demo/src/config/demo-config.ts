import { queryOptions } from '@tanstack/react-query';
import * as v from 'valibot';

const configSchema = v.object({
  /** `emulator`: a simulated model in the server's process. `openai`: the real API, through the proxy. */
  mode: v.picklist(['emulator', 'openai']),
  models: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Whether the server's process may be killed from the page: something starts it again. */
  canBeKilled: v.boolean(),
});

export type DemoConfig = v.InferOutput<typeof configSchema>;

/** What the page's server is: asked once, and again for as long as it does not answer. */
export const demoConfigOptions = queryOptions({
  queryKey: ['demo', 'config'],
  queryFn: async ({ signal }) => {
    const response = await fetch('/api/config', { signal });
    if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
    return v.parse(configSchema, await response.json());
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: 20,
  retryDelay: (attempt) => Math.min(4_000, 300 * 2 ** attempt),
});
