import { Client } from 'pg';
import type { BenchDatabase } from './bench-database.ts';

/** Counts the NOTIFYs of the stores of a schema, until it ends. */
export async function countNotifies(
  { url }: BenchDatabase,
  schema: string,
): Promise<{ end(): Promise<number> }> {
  const client = new Client({ connectionString: url });
  let count = 0;
  client.on('notification', () => {
    count += 1;
  });
  await client.connect();
  await client.query(`LISTEN "longhaul ${schema}"`);
  return {
    end: async () => {
      await client.end();
      return count;
    },
  };
}
