import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';

const configSchema = z.object({
  /** `emulator`: a simulated model in the server's process. `openai`: the real API, through the proxy. */
  mode: z.enum(['emulator', 'openai']),
  models: z.array(z.string()).min(1),
  /** Whether the server's process may be killed from the page: something starts it again. */
  canBeKilled: z.boolean(),
});

export type DemoConfig = z.infer<typeof configSchema>;

/** What the page's server is: asked once, and again for as long as it does not answer. */
export const demoConfigOptions = queryOptions({
  queryKey: ['demo', 'config'],
  queryFn: async ({ signal }) => {
    const response = await fetch('/api/config', { signal });
    if (!response.ok) throw new Error(`The demo's server answered HTTP ${response.status}.`);
    return configSchema.parse(await response.json());
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: 20,
  retryDelay: (attempt) => Math.min(4_000, 300 * 2 ** attempt),
});
