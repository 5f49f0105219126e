import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { readQuery } from './read-query.ts';
import { seedShop } from './seed-shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhaul-shop-'));
const file = join(folder, 'shop.db');
const seeded = new DatabaseSync(file);
seedShop(seeded);
seeded.close();
const secrets = new DatabaseSync(join(folder, 'secret.db'));
secrets.exec("CREATE TABLE secrets (text TEXT); INSERT INTO secrets VALUES ('the runs of others')");
secrets.close();
const database = new DatabaseSync(file, { readOnly: true });
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test.each([
  ['a query', 'SELECT name FROM customers ORDER BY id LIMIT 1', 'Alder Cycles'],
  ['a semicolon at the end', "SELECT name FROM customers WHERE city = 'Cork'; ", 'Cedar & Sons'],
  ['a comment at the end', 'SELECT 1 AS one -- the number', 1],
  ['a common table expression', 'WITH few AS (SELECT 2 AS n) SELECT n FROM few', 2],
  ['bytes', "SELECT x'0102'", '2 bytes'],
  ['null', 'SELECT null', null],
  ['a number with a fraction', 'SELECT 1.5', 1.5],
])('reads %s', (_what, sql, value) => {
  expect(readQuery(database, sql).rows[0]?.[0]).toBe(value);
});

test('keeps columns of the same name apart, and the order of the query', () => {
  const { columns, rows } = readQuery(
    database,
    'SELECT customers.id, orders.id FROM customers JOIN orders ON customer_id = customers.id ORDER BY orders.id DESC LIMIT 2',
  );
  expect(new Set(columns).size).toBe(2);
  expect(rows).toHaveLength(2);
  expect(Number(rows[0]?.[1])).toBeGreaterThan(Number(rows[1]?.[1]));
});

test('limits the rows and the length of texts', () => {
  const { rows, rowCount } = readQuery(
    database,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, printf('%.1000c', 'x') FROM n",
  );
  expect(rows).toHaveLength(60);
  expect(rowCount).toBe(1_000);
  expect(String(rows[0]?.[1])).toHaveLength(300);
});

test.each([
  "ATTACH 'secret.db' AS other",
  `1); ATTACH '${join(folder, 'secret.db')}' AS other; SELECT * FROM (other.secrets`,
  `SELECT 1); ATTACH '${join(folder, 'secret.db')}' AS other; --`,
  'DELETE FROM orders',
  'DELETE FROM orders RETURNING id',
  "INSERT INTO customers VALUES (99, 'a', 'b', 'c') RETURNING id",
  'DROP TABLE orders',
  'PRAGMA query_only = OFF',
  'VACUUM INTO "copy.db"',
  "SELECT load_extension('/tmp/a.so')",
  "SELECT readfile('/etc/passwd')",
  '',
  ')',
])('a hostile text opens no other file, and changes nothing: %s', (sql) => {
  try {
    readQuery(database, sql);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
  expect(database.prepare('PRAGMA database_list').all()).toHaveLength(1);
  expect(readQuery(database, 'SELECT count(*) FROM customers').rows).toEqual([[12]]);
  expect(() => readQuery(database, 'SELECT * FROM other.secrets')).toThrow('no such table');
});
