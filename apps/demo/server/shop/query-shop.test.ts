import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { queryShop } from './query-shop.ts';
import { seedShop } from './seed-shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhaul-shop-'));
const file = join(folder, 'shop.db');
const database = new DatabaseSync(file);
seedShop(database);
database.close();
afterAll(() => rmSync(folder, { recursive: true }));

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';
const never = new AbortController().signal;
/** Long enough for the start of a process on a slow machine, in milliseconds. */
const patientMs = 60_000;

test('returns the rows of a query, and the message of an error', async () => {
  const { columns, rows } = await queryShop(
    file,
    'SELECT count(*) AS customers FROM customers',
    never,
    patientMs,
  );
  expect(columns).toEqual(['customers']);
  expect(rows).toEqual([[12]]);
  await expect(queryShop(file, 'SELECT town FROM customers', never, patientMs)).rejects.toThrow(
    'no such column: town',
  );
});

test('a query that never ends is stopped, by the signal or after some seconds', async () => {
  const abort = new AbortController();
  const stopped = queryShop(file, endless, abort.signal);
  abort.abort();
  await expect(stopped).rejects.toThrow('The query was stopped.');
  await expect(queryShop(file, endless, never)).rejects.toThrow('The query took longer than 5 s.');
});

test('a query with a text of a gigabyte does not affect the next query', async () => {
  const large = queryShop(file, 'SELECT hex(zeroblob(450000000)) AS text', never);
  const next = queryShop(file, 'SELECT 1 AS one', never, patientMs);
  await expect(large).rejects.toThrow(/memory|longer|too long/);
  expect((await next).rows).toEqual([[1]]);
});
