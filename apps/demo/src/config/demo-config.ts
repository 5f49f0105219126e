import { queryOptions } from '@tanstack/react-query';
import * as v from 'valibot';
import { askServer } from '../runner/server-contact.ts';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

const configSchema = v.object({
  /** `emulator`: a simulated model in the server's process. `openai`: the real API, through the proxy. */
  mode: v.picklist(['emulator', 'openai']),
  models: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Whether the page may kill the server process, because a supervisor restarts it. */
  canBeKilled: v.boolean(),
  /** Whether worker processes drive the runs of the server. */
  hasWorkers: v.optional(v.boolean(), false),
});

export type DemoConfig = v.InferOutput<typeof configSchema>;

/** The last configuration from the server. It lets a page show its saved runs while the server is down. */
const lastConfig: StoredValue<DemoConfig | null> = storedValue('config', v.nullable(configSchema), null);

/** Query options for the server's configuration. The query retries until the server responds. */
export const demoConfigOptions = queryOptions({
  queryKey: ['demo', 'config'],
  queryFn: async ({ signal }) => {
    const response = await askServer('/api/config', { signal });
    if (!response.ok) throw new Error(`it answered HTTP ${response.status}`);
    const config = v.parse(configSchema, await response.json());
    lastConfig.write(config);
    return config;
  },
  placeholderData: () => lastConfig.read() ?? undefined,
  staleTime: Number.POSITIVE_INFINITY,
  // A server on this machine is reachable even if the browser is offline.
  networkMode: 'always',
  retry: true,
  retryDelay: (attempt) => Math.min(3_000, 300 * 2 ** attempt),
});
