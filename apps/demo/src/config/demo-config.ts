import { queryOptions } from '@tanstack/react-query';
import * as v from 'valibot';
import { askServer } from '../runner/server-contact.ts';
import { storedValue, type StoredValue } from '../storage/stored-value.ts';

const configSchema = v.object({
  /** `emulator`: a simulated model in the server's process. `openai`: the real API, through the proxy. */
  mode: v.picklist(['emulator', 'openai']),
  models: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Whether the server's process may be killed from the page: something starts it again. */
  canBeKilled: v.boolean(),
});

export type DemoConfig = v.InferOutput<typeof configSchema>;

/** What the server was when it answered last: a page that finds it away shows its saved runs nevertheless. */
const lastConfig: StoredValue<DemoConfig | null> = storedValue('config', v.nullable(configSchema), null);

/** What the page's server is: asked once, and again for as long as it does not answer. */
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
  // A server on this machine is there or not, whatever the browser thinks of its network.
  networkMode: 'always',
  retry: true,
  retryDelay: (attempt) => Math.min(3_000, 300 * 2 ** attempt),
});
