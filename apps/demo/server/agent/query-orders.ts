import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { Shop } from '../shop/open-shop.ts';

/** Runs SQL on the server's database. A page has no access to it. */
export const queryOrders = (shop: Shop) =>
  tool({
    name: 'query_orders',
    description: [
      "Runs one read-only SQLite query on the shop's database, on the server.",
      'Tables: customers(id, name, country, city) and products(name, price in euros).',
      'Table orders(id, customer_id, product, quantity, amount in euros, ordered_on TEXT as YYYY-MM-DD, payment TEXT: paid or late), with orders of 2023 to 2025.',
      'At most 60 rows are returned, so aggregate.',
    ].join(' '),
    parameters: toStandardJsonSchema(
      v.object({
        sql: v.pipe(v.string(), v.maxLength(4_000), v.description('One SELECT statement.')),
        purpose: v.pipe(
          v.string(),
          v.description('The purpose of the query in a few words, for the person who watches.'),
        ),
      }),
    ),
    execute: ({ sql }, { signal }) => shop.query(sql, signal),
    timeoutMs: 20_000,
    idempotent: true,
  });
