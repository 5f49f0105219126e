import type { Connection } from './connection.ts';
import { isTrue, textOf } from './row.ts';
import { textKey, textOfKey } from './text-key.ts';

/** How long the id of an unknown response is remembered. */
const remembered = `interval '72 hours'`;
/** How many old ids one call deletes. More than one, so that their number does not grow. */
const deletedAtOnce = 100;

/** The run that waits for this response. */
export async function runOfResponse(
  { query, schema }: Connection,
  responseId: string,
): Promise<string | undefined> {
  // The table may name a response that the run no longer waits for.
  const text = `
    SELECT r.run_id FROM ${schema}.responses AS named, LATERAL (
      SELECT run_id FROM ${schema}.runs WHERE runs.run_id = named.run_id AND runs.response_id = $1 LIMIT 1
    ) AS r WHERE named.response_id = $1 LIMIT 1`;
  const [row] = await query(`find the run of response ${responseId}`, text, [textKey(responseId)]);
  return row && textOf(row, 'run_id');
}

/** Remembers that a webhook has named this response, which no run waits for yet. */
export async function rememberWebhook({ query, schema }: Connection, responseId: string): Promise<void> {
  const text = `
    WITH old AS (
      DELETE FROM ${schema}.webhooks WHERE response_id = ANY (ARRAY (
        SELECT response_id FROM ${schema}.webhooks WHERE received_at < now() - ${remembered}
        ORDER BY received_at LIMIT ${deletedAtOnce} FOR UPDATE SKIP LOCKED
      )) AND response_id <> $1
    )
    INSERT INTO ${schema}.webhooks (response_id, received_at) VALUES ($1, now())
    ON CONFLICT (response_id) DO UPDATE SET received_at = excluded.received_at`;
  await query(`remember response ${responseId}`, text, [textKey(responseId)]);
}

/** Forgets responses. @returns those of them that were remembered */
export async function takeWebhooks(
  { query, schema }: Connection,
  responseIds: readonly string[],
): Promise<Set<string>> {
  const text = `
    DELETE FROM ${schema}.webhooks WHERE response_id = ANY ($1::text[])
    RETURNING response_id, (received_at >= now() - ${remembered})::text AS known`;
  const [first, ...others] = responseIds;
  const which = others.length === 0 ? `response ${first}` : `${responseIds.length} responses`;
  const rows = await query(`forget ${which}`, text, [responseIds.map(textKey)]);
  return new Set(
    rows.flatMap((row) => (isTrue(row, 'known') ? [textOfKey(textOf(row, 'response_id'))] : [])),
  );
}
