import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { isJsonObject } from '../wire/json.ts';
import { memoryStorage } from './limits/memory-storage.ts';
import type { Principal } from './principal.ts';
import type { HostedTool, ProxyAllow, ProxyCors, ProxyLimits, ProxyOptions } from './proxy-options.ts';
import type { ProxyStorage } from './limits/proxy-storage.ts';

/** The options, checked and with every default in its place. */
export interface ProxyConfig<P extends Principal> {
  readonly apiKey: () => Promise<string>;
  readonly secrets: readonly string[];
  readonly baseURL: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorize: ProxyOptions<P>['authorize'];
  readonly allow: Required<Omit<ProxyAllow<P>, 'hostedTools' | 'maxOutputTokens' | 'maxToolCalls'>> &
    Pick<ProxyAllow<P>, 'maxOutputTokens' | 'maxToolCalls'> & {
      readonly hostedTools: ReadonlyMap<string, HostedTool<P>>;
    };
  readonly limits: Required<ProxyLimits>;
  readonly storage: ProxyStorage;
  readonly authorizeReference: NonNullable<ProxyOptions<P>['authorizeReference']>;
  readonly overrides: NonNullable<ProxyOptions<P>['overrides']>;
  readonly cors: ProxyCors | undefined;
  readonly onError: NonNullable<ProxyOptions<P>['onError']>;
  readonly fetch: NonNullable<ProxyOptions<P>['fetch']>;
  readonly clock: Clock;
}

const shortestSecret = 32;
const day = 24 * 3_600_000;

const defaultLimits: Required<ProxyLimits> = {
  requestsPerMinute: 300,
  concurrentResponses: 16,
  concurrentMs: 3_600_000,
  bodyTimeoutMs: 10_000,
  upstreamTimeoutMs: 60_000,
  foregroundTimeoutMs: 600_000,
  responseIdMs: 30 * day,
  idempotencyMs: day,
};

/** What concerns the client's own content alone. Results of file search and code interpreter show the site's files. */
const defaultInclude: readonly string[] = [
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
  'message.input_image.image_url',
  'web_search_call.results',
  'web_search_call.action.sources',
];

function wrong(option: string, message: string): never {
  throw new ConfigurationError(`createProxy: \`${option}\` ${message}`, { option });
}

function readSecrets(secret: unknown): readonly string[] {
  const secrets: unknown[] = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0) wrong('secret', 'is empty: give at least one secret to sign response ids with.');
  return secrets.map((one) => {
    if (typeof one === 'string' && one.length >= shortestSecret) return one;
    return wrong(
      'secret',
      `needs at least ${shortestSecret} random characters each, for example from \`openssl rand -hex 32\`.`,
    );
  });
}

function readKey(apiKey: unknown): () => Promise<string> {
  // A newline at the end is the usual slip; as a header value it would fail each request, and could show in logs.
  const usable = (key: unknown): key is string => typeof key === 'string' && /^[\x21-\x7e]+$/.test(key);
  if (typeof apiKey === 'function') {
    return async () => {
      const key: unknown = await apiKey();
      return usable(key)
        ? key
        : wrong('apiKey', 'returned no key: it has to be printable ASCII without blanks.');
    };
  }
  if (!usable(apiKey))
    wrong('apiKey', 'has to be a key (printable ASCII without blanks), or a function that returns one.');
  return async () => apiKey;
}

function readBaseURL(baseURL: unknown): URL {
  const url = typeof baseURL === 'string' ? URL.parse(baseURL) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return wrong('baseURL', 'has to be an absolute http(s) URL that ends with `/v1`.');
  if (url.username !== '' || url.password !== '')
    wrong('baseURL', 'must not carry credentials: use `apiKey` or `headers`.');
  return url;
}

function readNames(option: string, names: unknown): readonly string[] {
  const isNames = Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '');
  return isNames ? names : wrong(option, 'has to be a list of names.');
}

function readHostedTools<P>(tools: ProxyAllow<P>['hostedTools']): ReadonlyMap<string, HostedTool<P>> {
  if (isNameList(tools)) return new Map(readNames('allow.hostedTools', tools).map((name) => [name, {}]));
  if (!isJsonObject(tools))
    return wrong('allow.hostedTools', 'has to be a list of names, or an object of parameters by name.');
  const map = new Map<string, HostedTool<P>>(Object.entries(tools));
  for (const [name, tool] of map) {
    const option = `allow.hostedTools.${name}`;
    if (typeof tool !== 'function' && !isJsonObject(tool))
      wrong(option, 'has to be an object of parameters, or a function that returns one.');
    if (name === 'mcp' || name === 'mcp:')
      wrong(option, 'needs the label of its server: `mcp:<server_label>`.');
    if (name === 'function' || name === 'custom')
      wrong(option, 'is no hosted tool: clients bring their own.');
  }
  return map;
}

function isNameList(tools: unknown): tools is readonly string[] {
  return Array.isArray(tools);
}

/** A count or a duration; `Infinity` switches a limit off. */
function checkNumber(option: string, value: unknown): void {
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) > 0)) return;
  wrong(option, 'has to be a positive whole number (or `Infinity`).');
}

function readAllow<P extends Principal>(allow: ProxyAllow<P> | undefined): ProxyConfig<P>['allow'] {
  if (!isJsonObject(allow)) return wrong('allow', 'is required: it names the models that clients may use.');
  const models = readNames('allow.models', allow.models);
  if (models.length === 0) wrong('allow.models', 'is empty: no create could pass.');
  const { maxBodyBytes = 4 * 2 ** 20, maxOutputTokens, maxToolCalls } = allow;
  for (const [name, value] of Object.entries({ maxBodyBytes, maxOutputTokens, maxToolCalls })) {
    if (value !== undefined) checkNumber(`allow.${name}`, value);
  }
  return {
    models,
    hostedTools: readHostedTools(allow.hostedTools ?? {}),
    include: readNames('allow.include', allow.include ?? defaultInclude),
    inputItems: readNames('allow.inputItems', allow.inputItems ?? []),
    fields: readNames('allow.fields', allow.fields ?? []),
    maxBodyBytes,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(maxToolCalls === undefined ? {} : { maxToolCalls }),
  };
}

function readLimits(limits: ProxyLimits | undefined): Required<ProxyLimits> {
  const merged = { ...defaultLimits, ...limits };
  for (const [name, value] of Object.entries(merged)) {
    if (!Object.hasOwn(defaultLimits, name)) wrong(`limits.${name}`, 'is not known.');
    checkNumber(`limits.${name}`, value);
  }
  return merged;
}

/** Throws a `ConfigurationError` at once, rather than failing at the first visitor. */
export function readProxyOptions<P extends Principal>(options: ProxyOptions<P>): ProxyConfig<P> {
  if (!isJsonObject(options)) throw new ConfigurationError('createProxy needs options.');
  const { authorize, authorizeReference, overrides = {}, cors, clock = systemClock } = options;
  if (typeof authorize !== 'function')
    wrong('authorize', 'is required: say who asks, or spell out that you ask nobody with `anonymous`.');
  if (
    cors !== undefined &&
    (!isJsonObject(cors) || (!Array.isArray(cors.origins) && typeof cors.origins !== 'function'))
  ) {
    wrong('cors.origins', 'has to be a list of origins, or a function that judges one.');
  }
  if (Array.isArray(cors?.origins) && cors.origins.includes('*') && cors.credentials === true) {
    wrong(
      'cors.origins',
      'must not be `*` with `credentials`: any page could act for a visitor who is logged in.',
    );
  }
  return {
    apiKey: readKey(options.apiKey),
    secrets: readSecrets(options.secret),
    baseURL: readBaseURL(options.baseURL ?? 'https://api.openai.com/v1'),
    headers: options.headers ?? {},
    authorize,
    allow: readAllow<P>(options.allow),
    limits: readLimits(options.limits),
    storage: options.storage ?? memoryStorage({ clock }),
    authorizeReference: authorizeReference ?? (() => false),
    overrides,
    cors,
    onError: options.onError ?? (() => undefined),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
  };
}
