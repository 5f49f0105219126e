import { ConfigurationError } from '../errors/configuration-error.ts';
import { isObject, mustBe, mustBeJson, mustBeOptions } from '../errors/must-be.ts';
import { randomId } from '../run/random-id.ts';
import type { RunInput, StartOptions } from '../run/runner.ts';
import { defined } from '../wire/defined.ts';
import { isJsonObject } from '../wire/json.ts';
import type { InputItem } from '../wire/items.ts';

/** The body of the request that starts a run. The page makes the id, so that the request can be repeated. */
export interface StartRequest {
  readonly runId: string;
  readonly agent: string;
  readonly input: string | readonly InputItem[];
  readonly continueFrom?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const owner = 'start';

/** Options that only the server knows, and where they belong. */
const serverOptions: Readonly<Record<string, string>> = {
  context: 'Provide it with `createRunner({ context })` on the server.',
  limits: 'Set them with `createRunner({ limits })` or `createRunsHandler({ limits })` on the server.',
  owner: 'It is the visitor that `createRunsHandler({ authorize })` returns on the server.',
};

/** @throws ConfigurationError for an option that belongs to the server */
export function refuseServerOptions(asking: string, options: object): void {
  for (const [option, advice] of Object.entries(serverOptions)) {
    if (Reflect.get(options, option) === undefined) continue;
    throw new ConfigurationError(`${asking}: \`${option}\` is not allowed in a page. ${advice}`, { option });
  }
}

/** @throws ConfigurationError for input or options that cannot be sent */
export function startRequest(agent: string, input: RunInput, options: StartOptions): StartRequest {
  mustBe(isObject(options), owner, 'options', 'an object');
  refuseServerOptions(owner, options);
  mustBeOptions(options, owner, {
    runId: 'string',
    owner: 'any',
    metadata: 'any',
    context: 'any',
    limits: 'any',
    signal: 'any',
    continueFrom: 'string',
  });
  const { runId = randomId(), continueFrom, metadata, signal } = options;
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, owner, 'input', 'a string, or an array of input items');
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, owner, 'input', 'not empty, except with `continueFrom`');
  mustBe(/^[\w-]{1,64}$/.test(runId), owner, 'runId', '1 to 64 letters, digits, `_` and `-`');
  mustBe(signal === undefined || signal instanceof AbortSignal, owner, 'signal', 'an AbortSignal');
  return {
    runId,
    agent,
    input: typeof input === 'string' ? input : mustBeJson<InputItem[]>(input, owner, 'input'),
    ...defined({ continueFrom, metadata }),
  };
}

/**
 * The request that continues a run which the server has refused to start. The server has no such run, so the request
 * continues the run before it. Without new input, it sends the refused input again.
 */
export function continueRefused(request: StartRequest, refused: StartRequest): StartRequest {
  const { continueFrom: _refused, input: given, metadata = refused.metadata, ...rest } = request;
  const input = given.length > 0 ? given : refused.input;
  return { ...rest, input, ...defined({ continueFrom: refused.continueFrom, metadata }) };
}
