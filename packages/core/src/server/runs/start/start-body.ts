import type { RunInput } from '../../../run/run-input.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../wire/json.ts';
import { digest } from '../../limits/digest.ts';
import { invalidRequest } from '../refusals.ts';
import { asObject, checkFields, readOptionalText, readText } from '../request-body.ts';
import { isRunId } from '../runs-route.ts';
import { readVisitorInput } from '../visitor-input.ts';

/** The checked body of a start. */
export interface StartRequest {
  readonly runId: string;
  readonly agent: string;
  readonly input: RunInput;
  readonly continueFrom: string | undefined;
  readonly threadId: string | undefined;
  readonly title: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** Limits of a visitor's metadata. They are those of the API, although the metadata is not sent there. */
const pairs = 16;
const longestKey = 64;
const longestValue = 512;
/** The limit of a run's title in `start`. */
const longestTitle = 200;

function readMetadata(body: JsonObject): Readonly<Record<string, string>> | undefined {
  const { metadata } = body;
  if (metadata === undefined) return undefined;
  const entries = Object.entries(asObject(metadata, '`metadata`')).map(([key, value]) => {
    const isPair = key.length <= longestKey && typeof value === 'string' && value.length <= longestValue;
    if (isPair) return [key, value] as const;
    throw invalidRequest(
      `\`metadata\` must have keys of at most ${longestKey} characters, and texts of at most ${longestValue}.`,
    );
  });
  if (entries.length > pairs) throw invalidRequest(`\`metadata\` must have at most ${pairs} pairs.`);
  return Object.fromEntries(entries);
}

/** Reads the body of a start. `agents`: the names of the agents that visitors may start. */
export function readStart(body: JsonObject, agents: ReadonlySet<string>): StartRequest {
  checkFields(body, ['runId', 'agent', 'input', 'continueFrom', 'threadId', 'title', 'metadata']);
  const { runId } = body;
  if (!isRunId(runId))
    throw invalidRequest(
      '`runId` must be a text of 1 to 64 characters: A-Z, a-z, 0-9, `_` and `-`, and not `runs` or `threads`.',
    );
  const agent = readText(body, 'agent');
  if (!agents.has(agent)) throw invalidRequest('`agent` must name an agent that this server offers.');
  const continueFrom = readOptionalText(body, 'continueFrom');
  const input = readVisitorInput(body['input']);
  if (input.length === 0 && continueFrom === undefined)
    throw invalidRequest('`input` must not be empty, except with `continueFrom`.');
  const threadId = readOptionalText(body, 'threadId');
  if (threadId !== undefined && !isRunId(threadId))
    throw invalidRequest('`threadId` must have the form of a `runId`.');
  const title = readOptionalText(body, 'title', longestTitle);
  if (title === '') throw invalidRequest('`title` must not be empty.');
  return { runId, agent, input, continueFrom, threadId, title, metadata: readMetadata(body) };
}

/** The value as JSON that does not depend on the order of fields. */
function canonicalJson(value: JsonValue | undefined): string {
  const sorted = (_key: string, one: JsonValue | undefined): JsonValue | undefined =>
    isJsonObject(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  return JSON.stringify(value, sorted);
}

/** Identifies a start of this owner. A repetition has the same hash, and no other start has it. */
export function hashOfStart(owner: string, body: JsonObject): Promise<string> {
  return digest(owner, canonicalJson(body));
}
