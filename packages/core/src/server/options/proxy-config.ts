import type { Clock } from '../../clock/clock.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { mustBeClock } from '../../clock/must-be-clock.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { hasMethods, mustBe, mustBeOptions } from '../../errors/must-be.ts';
import { isJsonObject } from '../../wire/json.ts';
import { memoryStorage } from '../limits/memory-storage.ts';
import type { ProxyStorage } from '../limits/proxy-storage.ts';
import type { Principal } from '../principal.ts';
import type { ProxyCors, ProxyLimits, ProxyOptions } from './proxy-options.ts';
import { type AllowConfig, readAllow } from './read-allow.ts';
import { readCors } from './read-cors.ts';
import { readBaseURL, readHeaders, readKey, readSecrets } from './read-credentials.ts';
import { readLimits } from './read-limits.ts';
import { proxyOwner, wrongOption } from './wrong-option.ts';

/** The checked options, with all defaults. */
export interface ProxyConfig<P extends Principal> {
  readonly apiKey: () => Promise<string>;
  readonly secrets: readonly string[];
  readonly baseURL: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorize: ProxyOptions<P>['authorize'];
  readonly allow: AllowConfig<P>;
  readonly limits: Required<ProxyLimits>;
  readonly storage: ProxyStorage;
  readonly authorizeReference: NonNullable<ProxyOptions<P>['authorizeReference']>;
  readonly overrides: NonNullable<ProxyOptions<P>['overrides']>;
  readonly cors: ProxyCors | undefined;
  readonly onError: NonNullable<ProxyOptions<P>['onError']>;
  readonly fetch: NonNullable<ProxyOptions<P>['fetch']>;
  readonly clock: Clock;
}

/** Rejects unknown options, and options of the wrong type that no other function checks. */
function checkKinds<P extends Principal>(options: ProxyOptions<P>): void {
  mustBeOptions(options, proxyOwner, {
    apiKey: 'any',
    secret: 'any',
    baseURL: 'string',
    headers: 'any',
    authorize: 'any',
    allow: 'any',
    limits: 'any',
    storage: 'any',
    authorizeReference: 'function',
    overrides: 'any',
    cors: 'any',
    onError: 'function',
    fetch: 'function',
    clock: 'any',
  });
  const { storage, overrides = {}, clock } = options;
  const isStorage =
    storage === undefined || hasMethods(storage, ['get', 'set', 'add', 'delete', 'increment']);
  mustBe(isStorage, proxyOwner, 'storage', 'a ProxyStorage: get, set, add, delete and increment');
  const isOverrides = typeof overrides === 'function' || isJsonObject(overrides);
  mustBe(isOverrides, proxyOwner, 'overrides', 'an object of fields, or a function that returns one');
  mustBeClock(clock, proxyOwner);
}

/**
 * Reads the options. Throws a `ConfigurationError` immediately, so that a mistake does not first show when a visitor
 * arrives.
 */
export function readProxyOptions<P extends Principal>(options: ProxyOptions<P>): ProxyConfig<P> {
  if (!isJsonObject(options)) throw new ConfigurationError('createProxy needs options.');
  checkKinds(options);
  const { authorize, overrides = {}, clock = systemClock } = options;
  if (typeof authorize !== 'function') {
    throw wrongOption(
      proxyOwner,
      'authorize',
      'is required. Return the id of the caller, or pass `anonymous` to identify no visitors.',
    );
  }
  return {
    apiKey: readKey(options.apiKey),
    secrets: readSecrets(options.secret),
    baseURL: readBaseURL(options.baseURL ?? 'https://api.openai.com/v1'),
    headers: readHeaders(options.headers ?? {}),
    authorize,
    allow: readAllow<P>(options.allow),
    limits: readLimits(options.limits ?? {}),
    storage: options.storage ?? memoryStorage({ clock }),
    authorizeReference: options.authorizeReference ?? (() => false),
    overrides,
    cors: readCors(proxyOwner, options.cors),
    onError: options.onError ?? (() => undefined),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
  };
}
