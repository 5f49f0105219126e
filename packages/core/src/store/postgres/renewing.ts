/**
 * The statement that renews all claims of an owner. Its parameters: the owner, and the time to live in milliseconds. Its
 * rows: the runs that the owner holds claims on.
 *
 * @param schema The quoted name of the schema.
 */
export function renewing(schema: string): string {
  return `
    WITH held AS (
      SELECT run_id FROM ${schema}.claims WHERE owner = $1
    ), renewed AS (
      INSERT INTO ${schema}.owners (owner, until) SELECT $1, ${endOf('$2')} WHERE EXISTS (SELECT FROM held)
      ON CONFLICT (owner) DO UPDATE SET until = excluded.until
    )
    SELECT run_id FROM held`;
}

/** The end of a claim whose time to live is a parameter, in milliseconds. */
export function endOf(parameter: string): string {
  return `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;
}
