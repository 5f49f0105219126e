import { ConfigurationError } from '../errors/configuration-error.ts';
import { isObject, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { randomId } from '../run/random-id.ts';
import { checkInput, copyOfInput } from '../run/run-input.ts';
import type { RunInput } from '../run/run-input.ts';
import type { StartOptions } from '../run/runner.ts';
import { defined } from '../wire/defined.ts';
import type { InputItem } from '../wire/items.ts';

/** The body of the request that starts a run. The page makes the id, so that the request can be repeated. */
export interface StartRequest {
  readonly runId: string;
  readonly agent: string;
  readonly input: string | readonly InputItem[];
  readonly continueFrom?: string;
  readonly threadId?: string;
  readonly title?: string;
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
    threadId: 'string',
    title: 'string',
  });
  const { runId = randomId(), continueFrom, threadId, title, metadata, signal } = options;
  checkInput(owner, input);
  const asks = input.length > 0 || continueFrom !== undefined;
  mustBe(asks, owner, 'input', 'not empty, except with `continueFrom`');
  for (const [option, id] of Object.entries({ runId, threadId: threadId ?? runId }))
    mustBe(/^[\w-]{1,64}$/.test(id), owner, option, '1 to 64 letters, digits, `_` and `-`');
  mustBe(signal === undefined || signal instanceof AbortSignal, owner, 'signal', 'an AbortSignal');
  return {
    runId,
    agent,
    input: copyOfInput(owner, input),
    ...defined({ continueFrom, threadId, title, metadata }),
  };
}

/**
 * The request that continues a run which the server has refused to start. The server has no such run, so the request
 * continues the run before it. Without new input, it sends the refused input again.
 */
export function continueRefused(request: StartRequest, refused: StartRequest): StartRequest {
  const {
    continueFrom: _refused,
    input: given,
    metadata = refused.metadata,
    title = refused.title,
    ...rest
  } = request;
  const input = given.length > 0 ? given : refused.input;
  const { continueFrom, threadId } = refused;
  return { ...rest, input, ...defined({ threadId, continueFrom, title, metadata }) };
}
