import { mkdirSync, renameSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { queryShop } from './query-shop.ts';
import type { QueryResult } from './read-query.ts';
import { products, seedShop } from './seed-shop.ts';

/** The shop whose data the server's agent uses. */
export interface Shop {
  /** Runs one SELECT on the customers, products and orders. */
  query(sql: string, signal: AbortSignal): Promise<QueryResult>;
  /** Returns the price of one piece in euros, or undefined if the shop does not sell the product. */
  priceOf(product: string): number | undefined;
  /**
   * Saves a sent offer, in a file that queries cannot read. An offer with the same key is saved once.
   *
   * @returns the number of offers that the visitor has sent
   */
  saveOffer(offer: { readonly key: string; readonly visitor: string; readonly token: string }): number;
  close(): void;
}

/** Opens the databases in a folder, and creates them at the first start. */
export function openShop(folder: string): Shop {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'shop.db');
  if (!existsSync(file)) createShop(file);
  // Several workers may save offers at the same time.
  const offers = new DatabaseSync(join(folder, 'offers.db'), { timeout: 5_000 });
  offers.exec(
    'CREATE TABLE IF NOT EXISTS offers (key TEXT PRIMARY KEY, visitor TEXT NOT NULL, token TEXT NOT NULL)',
  );
  const insert = offers.prepare('INSERT OR IGNORE INTO offers VALUES (?, ?, ?)');
  const count = offers.prepare('SELECT count(*) AS count FROM offers WHERE visitor = ?');
  return {
    query: (sql, signal) => queryShop(file, sql, signal),
    priceOf: (product) => products.find(([name]) => name === product)?.[1],
    saveOffer: ({ key, visitor, token }) => {
      insert.run(key, visitor, token);
      return Number(count.get(visitor)?.['count']);
    },
    close: () => offers.close(),
  };
}

/** Creates the file under another name, so that an incomplete file of a killed process is never used. */
function createShop(file: string): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const database = new DatabaseSync(unfinished);
  database.exec('BEGIN');
  seedShop(database);
  database.exec('COMMIT');
  database.close();
  renameSync(unfinished, file);
}
