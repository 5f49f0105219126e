import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { askWorker } from '../ask-worker.ts';

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** The number of rows of the result. `rows` contains the first of them. */
  readonly rowCount: number;
}

/** Runs SQL on the bundled data set, with SQLite compiled to WebAssembly, in a worker. */
export const queryData = tool({
  name: 'query_data',
  description: [
    'Runs one read-only SQLite query over daily weather of Seattle and New York, 2012-01-01 to 2015-12-31.',
    'Table weather(location TEXT, date TEXT as YYYY-MM-DD, precipitation REAL in mm, temp_max REAL in °C, temp_min REAL, wind REAL in m/s, weather TEXT). Values of weather: sun, rain, drizzle, fog, snow.',
    'At most 60 rows are returned, so aggregate.',
  ].join(' '),
  parameters: toStandardJsonSchema(
    v.object({
      sql: v.pipe(v.string(), v.description('One SELECT statement.')),
      purpose: v.pipe(
        v.string(),
        v.description('The purpose of the query in a few words, for the person who watches.'),
      ),
    }),
  ),
  execute: ({ sql }, { signal }) =>
    askWorker<QueryResult>(
      () => new Worker(new URL('./query.worker.ts', import.meta.url), { type: 'module' }),
      sql,
      signal,
    ),
  timeoutMs: 20_000,
  idempotent: true,
});
