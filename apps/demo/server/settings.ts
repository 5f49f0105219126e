/** The settings of the demo's server. */
export interface Settings {
  /** The real API. Undefined without a key: the page then uses the emulator. */
  readonly openai: { readonly apiKey: string; readonly baseURL: string | undefined } | undefined;
  /** The models that the proxy allows and the page offers. The first is preselected. */
  readonly models: readonly string[];
  /** Signs ids. If undefined, the server creates and stores a secret. */
  readonly proxySecret: string | undefined;
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Factor for the times of the simulated model. */
  readonly pace: number;
}

/** Values of `HOST` that are not host names, or that are always allowed. */
const ignoredHosts: readonly string[] = ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'];

function namesIn(list: string | undefined): readonly string[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * Reads the environment:
 *
 * - `OPENAI_API_KEY`: without it, a simulated model answers.
 * - `OPENAI_BASE_URL`: another API. `LONGHAUL_PROXY_SECRET`: signs ids.
 * - `LONGHAUL_MODELS` and `LONGHAUL_DEMO_HOSTS`, separated by commas. `HOST` is added to the hosts.
 * - `LONGHAUL_DEMO_PACE`: 1 by default. A smaller value makes the simulated model faster.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const apiKey = env['OPENAI_API_KEY']?.trim();
  const models = namesIn(env['LONGHAUL_MODELS']);
  const host = namesIn(env['HOST']).filter((name) => !ignoredHosts.includes(name));
  return {
    openai: apiKey ? { apiKey, baseURL: env['OPENAI_BASE_URL']?.trim() || undefined } : undefined,
    models: models.length > 0 ? models : ['gpt-6-astra', 'gpt-6-mini'],
    proxySecret: env['LONGHAUL_PROXY_SECRET']?.trim() || undefined,
    hosts: [...namesIn(env['LONGHAUL_DEMO_HOSTS']), ...host],
    pace: Number(env['LONGHAUL_DEMO_PACE'] ?? 1) || 1,
  };
}
