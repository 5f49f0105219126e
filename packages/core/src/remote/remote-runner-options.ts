import type { Tool } from '../agent/tool.ts';
import type { Clock } from '../clock/clock.ts';
import { mustBeClock } from '../clock/must-be-clock.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { errorMessage } from '../errors/error-message.ts';
import { hasMethods, isObject, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { readHeaders, type SentHeaders } from './sent-headers.ts';

export interface RemoteRunnerOptions {
  /**
   * The URL below which the server has its routes, such as `<baseURL>/runs`. In a page it may be relative.
   *
   * @example '/api/longhaul'
   */
  readonly baseURL: string;
  /**
   * Sent with each request. A function is called before each request and each connection, so that credentials are
   * fresh. If it throws, the request counts as unanswered and is repeated. The first error of a series is written to the
   * console.
   */
  readonly headers?: SentHeaders | (() => SentHeaders | PromiseLike<SentHeaders>) | undefined;
  /**
   * For example, a function that sends cookies to another site.
   *
   * @example (input, init) => fetch(input, { ...init, credentials: 'include' })
   * @default the global `fetch`
   */
  readonly fetch?: ((input: string, init?: RequestInit) => Promise<Response>) | undefined;
  /**
   * The tools that this page executes, made by `tool({ …, execute })`. The server's agent has tools of the same names
   * without `execute`. The page executes the calls of the runs that it observes, and at most one page executes a call.
   * `needsApproval` has no effect here: the server's tool asks for approvals.
   *
   * @default none
   */
  readonly tools?: readonly Tool[] | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to 1, for the jitter of pauses. @default Math.random */
  readonly random?: (() => number) | undefined;
}

const owner = 'remoteRunner';

/** @throws ConfigurationError for invalid options. The message names the option. */
export function checkRemoteOptions(options: RemoteRunnerOptions): void {
  mustBeOptions(options, owner, {
    baseURL: 'string',
    headers: 'any',
    fetch: 'function',
    tools: 'any',
    clock: 'any',
    random: 'function',
  });
  const { baseURL, headers, tools = [], clock } = options;
  mustBe(Boolean(baseURL), owner, 'baseURL', "the URL of the server's routes, such as '/api/longhaul'");
  const isRelative = !/^[a-z][a-z\d+.-]*:/i.test(baseURL);
  mustBe(
    !isRelative || typeof location !== 'undefined',
    owner,
    'baseURL',
    'absolute outside a page, such as on a server',
  );
  const areHeaders = headers === undefined || isObject(headers) || typeof headers === 'function';
  mustBe(areHeaders, owner, 'headers', 'an object of strings, or a function that returns one');
  try {
    if (typeof headers !== 'function') readHeaders(headers);
  } catch (error) {
    const message = `${owner}: \`headers\` is invalid: ${errorMessage(error)}.`;
    throw new ConfigurationError(message, { option: 'headers' });
  }
  mustBeClock(clock, owner);
  const isTool = (one: unknown): boolean => hasMethods(one, ['read', 'execute']);
  mustBe(Array.isArray(tools) && tools.every(isTool), owner, 'tools', 'an array of tools from tool(…)');
  const names = new Set<string>();
  for (const { name, executable } of tools) {
    const problem = !executable ? 'has no `execute`' : names.has(name) ? 'occurs twice' : undefined;
    if (problem !== undefined)
      throw new ConfigurationError(`${owner}: the tool ${JSON.stringify(name)} ${problem}.`, {
        option: 'tools',
      });
    names.add(name);
  }
}
