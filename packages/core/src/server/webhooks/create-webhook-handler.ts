import { ConfigurationError } from '../../errors/configuration-error.ts';
import { fieldsOf, type JsonObject } from '../../wire/json.ts';
import { isResponseId } from '../../wire/response-id.ts';
import { finishAnswer } from '../finish-answer.ts';
import { Refusal } from '../refusal.ts';
import { reporterOf } from '../reporter.ts';
import { parseJsonBody } from '../request/json-body.ts';
import { readBytes } from '../request/read-body.ts';
import { errorAnswer, invalidRequest } from '../runs/refusals.ts';
import { readWebhookOptions, type WebhookConfig, type WebhookHandlerOptions } from './webhook-options.ts';
import { isSigned, signingKeys, type SigningKeys } from './webhook-signature.ts';

/** A webhook has the id of its response and about 200 bytes. */
const limits = { maxBodyBytes: 65_536, bodyTimeoutMs: 10_000 };
/** The length of the longest `webhook-id`, `webhook-timestamp` and `webhook-signature`, in characters. */
const longestHeader = 4_096;
/** The length of the longest id of a response, in characters. It may be saved. */
const longestId = 512;
/** How soon OpenAI may send a webhook again that the store could not process, in seconds. */
const retryAfter = '5';

/** The events that say that a response has ended. */
const ends: readonly unknown[] = [
  'response.completed',
  'response.failed',
  'response.incomplete',
  'response.cancelled',
];

function unauthorized(message: string): Refusal {
  return new Refusal(401, 'invalid_signature', message);
}

function readHeader(headers: Headers, name: string): string {
  const value = headers.get(name) ?? '';
  if (value !== '' && value.length <= longestHeader) return value;
  throw unauthorized(`The header \`${name}\` is ${value === '' ? 'missing' : 'too long'}.`);
}

/** Rejects a webhook that is too old, so that a copy of it cannot be sent again later, and one from the future. */
function checkTime(timestamp: string, { clock, toleranceSeconds }: WebhookConfig): void {
  const sentAt = Number.parseInt(timestamp, 10);
  const now = Math.floor(clock.now() / 1_000);
  if (Number.isNaN(sentAt)) throw unauthorized('The header `webhook-timestamp` is not a number of seconds.');
  if (now - sentAt > toleranceSeconds) throw unauthorized('The webhook is too old.');
  if (sentAt - now > toleranceSeconds)
    throw unauthorized('The webhook is from the future. The clocks differ.');
}

/** The bytes of the body, whose signature was checked. */
async function readSigned(request: Request, config: WebhookConfig, keys: SigningKeys): Promise<Uint8Array> {
  const { headers } = request;
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  const header = readHeader(headers, 'webhook-signature');
  checkTime(timestamp, config);
  if (request.bodyUsed) {
    throw new ConfigurationError(
      'createWebhookHandler: the body of the request was read before. The signature covers the raw body, so pass the request before other code reads it.',
    );
  }
  const body = await readBytes(request, limits, config.clock);
  if (!(await isSigned(keys, { id, timestamp, header }, body)))
    throw unauthorized('The signature does not match the body and the secret.');
  return body;
}

function parse(body: Uint8Array): JsonObject {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalidRequest('The body is not UTF-8 text.');
  }
  return parseJsonBody(text);
}

/** The id of the response that has ended. Undefined for other events. */
function endedResponse(event: JsonObject): string | undefined {
  if (!ends.includes(event['type'])) return undefined;
  const { id } = fieldsOf(event['data']);
  if (typeof id === 'string' && id.length <= longestId && isResponseId(id)) return id;
  throw invalidRequest('The event has no id of a response in `data.id`.');
}

async function receive(
  request: Request,
  config: WebhookConfig,
  keys: SigningKeys,
  report: (error: unknown) => void,
): Promise<Response> {
  if (request.method !== 'POST') {
    throw new Refusal(405, 'method_not_allowed', 'Webhooks are sent with POST.', {
      headers: { allow: 'POST' },
    });
  }
  const responseId = endedResponse(parse(await readSigned(request, config, keys)));
  if (responseId === undefined) return new Response(null, { status: 200 });
  try {
    await config.runner.wakeResponse(responseId);
  } catch (error) {
    report(error);
    const message = 'The webhook could not be processed now. Send it again.';
    throw new Refusal(503, 'unavailable', message, { headers: { 'retry-after': retryAfter } });
  }
  return new Response(null, { status: 200 });
}

/**
 * Returns a handler for the webhooks that OpenAI sends when a background response ends. It checks the signature, and
 * wakes the run that waits for the response: the run asks the API immediately, instead of at its next poll. The body of
 * the webhook is never used as an answer. The handler never rejects, and needs no Node.
 *
 * It answers 200 to `response.completed`, `response.failed`, `response.incomplete` and `response.cancelled`, including
 * those of other applications, and to all other events, which it ignores. It answers 401 to a wrong or missing
 * signature, and 503 if the store fails, so that OpenAI sends the webhook again.
 *
 * @throws ConfigurationError for an invalid option, such as a secret of less than 16 bytes
 *
 * @example
 * const runner = createRunner({ client: new OpenAI(), agents: [support], store: sqliteStore({ path: 'runs.db' }) });
 * const webhooks = createWebhookHandler({ secret: process.env.OPENAI_WEBHOOK_SECRET, runner });
 * app.post('/webhooks/openai', (context) => webhooks(context.req.raw));
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  const config = readWebhookOptions(options);
  const keys = signingKeys(config.keys);
  return async (request) => {
    const report = reporterOf(config.onError, request);
    try {
      return finishAnswer(await receive(request, config, keys, report), request, undefined, report);
    } catch (error) {
      return finishAnswer(errorAnswer(error, report), request, undefined, report);
    }
  };
}
