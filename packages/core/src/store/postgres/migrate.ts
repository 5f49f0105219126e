import { SnapshotError } from '../../errors/snapshot-error.ts';
import { inTransaction, rowsOf, statement, type TransactionQuery } from './connection.ts';
import { migrations } from './migrations.ts';
import type { PostgresPool } from './pool.ts';

/** A schema with a name that is checked and quoted. */
export interface SchemaName {
  readonly name: string;
  /** In double quotes, as an identifier in a statement. */
  readonly quoted: string;
}

/** PostgreSQL cuts longer names, in bytes. */
const longestName = 63;

/** Whether a name can be the name of a schema. Names that begin with `pg_` are reserved. */
export function isSchemaName(name: string): boolean {
  const isText = name !== '' && name.isWellFormed() && !name.includes('\u0000');
  return isText && !name.startsWith('pg_') && new TextEncoder().encode(name).length <= longestName;
}

/** The schema of this name, which `isSchemaName` has accepted. */
export function schemaName(name: string): SchemaName {
  return { name, quoted: `"${name.replaceAll('"', '""')}"` };
}

/**
 * Creates the tables, or applies the steps beyond the database's version, all or none. Several processes may do so at
 * the same time. An up-to-date schema is only read, so that the user of the database may have no right to change it.
 *
 * @throws SnapshotError `newer_snapshot` if a newer version of Longhaul has migrated the schema
 */
export async function migrate(pool: PostgresPool, schema: SchemaName): Promise<void> {
  const steps = migrations(schema.quoted);
  const direct: TransactionQuery = async (text, values) => rowsOf(await pool.query(statement(text, values)));
  if ((await currentVersion(direct, schema, steps.length)) === steps.length) return;
  await inTransaction(pool, async (query) => {
    // A lock of the transaction works behind a pooler, too.
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`longhaul ${schema.name}`]);
    // The version is read again, because another process may have migrated the schema in the meantime.
    const version = await currentVersion(query, schema, steps.length);
    if (version === undefined) await createVersion(query, schema);
    for (const step of steps.slice(version ?? 0)) await query(step);
    await query(`UPDATE ${schema.quoted}.migrations SET version = $1`, [steps.length]);
  });
}

/** The number of applied steps. Undefined if the schema has no tables of Longhaul. */
async function currentVersion(
  query: TransactionQuery,
  { name, quoted }: SchemaName,
  known: number,
): Promise<number | undefined> {
  // `to_regclass` would not do: it may not see a table that another process has created after this session's last look.
  const [found] = await query(
    `SELECT 1 AS found FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = $1 AND relname = 'migrations'`,
    [name],
  );
  if (found === undefined) return undefined;
  const [row] = await query(`SELECT version::text FROM ${quoted}.migrations`);
  const version = Number(row?.['version']);
  if (version > known) {
    throw new SnapshotError(
      'newer_snapshot',
      `The schema ${name} of the PostgreSQL database has version ${version}; this version of Longhaul supports up to ${known}. Update @longhaul/core.`,
    );
  }
  return version;
}

async function createVersion(query: TransactionQuery, { name, quoted }: SchemaName): Promise<void> {
  const [found] = await query('SELECT 1 AS found FROM pg_namespace WHERE nspname = $1', [name]);
  // `IF NOT EXISTS` would need the right to create schemas even if the schema exists.
  if (found === undefined) await query(`CREATE SCHEMA ${quoted}`);
  await query(`CREATE TABLE ${quoted}.migrations (version integer NOT NULL)`);
  await query(`INSERT INTO ${quoted}.migrations (version) VALUES (0)`);
}
