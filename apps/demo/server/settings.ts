/** How the demo's server was asked to be. */
export interface Settings {
  /** The real API, where there is a key; otherwise the emulator answers. */
  readonly openai: { readonly apiKey: string; readonly baseURL: string | undefined } | undefined;
  /** What the proxy allows and the page offers; the first is preselected. */
  readonly models: readonly string[];
  /** Signs ids; undefined: the server makes one and keeps it. */
  readonly proxySecret: string | undefined;
  /** Names under which the server answers, beside those of this machine. */
  readonly hosts: readonly string[];
  /** Factor on the times of the simulated model. */
  readonly pace: number;
}

/** Addresses to listen on that are no name to ask for, or one that is known anyway. */
const unnamed: readonly string[] = ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'];

function namesIn(list: string | undefined): readonly string[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * Reads the environment: `OPENAI_API_KEY` (without it a simulated model answers), `OPENAI_BASE_URL`, `LONGHAUL_MODELS`
 * (separated by commas), `LONGHAUL_DEMO_HOSTS` (likewise, with `HOST`), `LONGHAUL_PROXY_SECRET` and `LONGHAUL_DEMO_PACE` (1; a smaller one makes the simulated model
 * faster).
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const apiKey = env['OPENAI_API_KEY']?.trim();
  const models = namesIn(env['LONGHAUL_MODELS']);
  const host = namesIn(env['HOST']).filter((name) => !unnamed.includes(name));
  return {
    openai: apiKey ? { apiKey, baseURL: env['OPENAI_BASE_URL']?.trim() || undefined } : undefined,
    models: models.length > 0 ? models : ['gpt-6-astra', 'gpt-6-mini'],
    proxySecret: env['LONGHAUL_PROXY_SECRET']?.trim() || undefined,
    hosts: [...namesIn(env['LONGHAUL_DEMO_HOSTS']), ...host],
    pace: Number(env['LONGHAUL_DEMO_PACE'] ?? 1) || 1,
  };
}
