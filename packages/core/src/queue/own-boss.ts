import { Buffer } from 'node:buffer';
import { PgBoss } from 'pg-boss';
import type { PostgresStore } from '../store/postgres.ts';

const suffix = '_pgboss';

/** The time limit of a statement of pg-boss, in milliseconds. Its migrations take longer than other statements. */
const queryTimeoutMs = 60_000;

/** The quoted name of the schema of pg-boss, next to the schema of a store. */
export function bossSchema({ schema }: PostgresStore): string {
  return `"${`${schema}${suffix}`.replaceAll('"', '""')}"`;
}

/** Whether pg-boss accepts the name of its schema: at most 50 bytes, without characters that it cannot quote. */
export function hasBossSchema({ schema }: PostgresStore): boolean {
  return Buffer.byteLength(schema + suffix) <= 50 && !/["'%$.\\]/.test(schema);
}

/**
 * A pg-boss on the Pool of a store. `monitors`: it finds the jobs of dead workers, every second.
 *
 * @param warn Receives the messages of errors in the background.
 */
export function ownBoss(store: PostgresStore, monitors: boolean, warn: (message: string) => void): PgBoss {
  const boss = new PgBoss({
    schema: bossSchema(store),
    db: { executeSql: (text, values = []) => executeSql(store, text, values) },
    supervise: monitors,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    // Deletes completed wakes. By default, pg-boss does that once a day.
    maintenanceIntervalSeconds: 60,
    schedule: false,
    registerInstance: monitors,
  });
  boss.on('error', (error) => warn(error.message));
  return boss;
}

/**
 * The number of attempts to start pg-boss. On a new database, two processes that create its schema at the same time
 * conflict, and then the second attempt of one succeeds.
 */
export const startAttempts = 3;

async function executeSql(
  { database }: PostgresStore,
  text: string,
  values: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  const result: unknown = await database.query({ text, values, query_timeout: queryTimeoutMs });
  // The result of a text of several statements is an array.
  const results: unknown[] = Array.isArray(result) ? result : [result];
  return { rows: results.flatMap(rowsOf) };
}

function rowsOf(result: unknown): Record<string, unknown>[] {
  const { rows } = Object(result);
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) => Object.fromEntries(Object.entries(Object(row))));
}
