import initSqlJs from 'sql.js';
import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url';
import { loadWeather } from '../../data/load-weather.ts';
import type { WorkerReply } from '../ask-worker.ts';
import type { QueryResult } from './query-data.ts';

const mostRows = 60;

async function query(sql: string): Promise<QueryResult> {
  const [{ Database }, days] = await Promise.all([initSqlJs({ locateFile: () => wasmUrl }), loadWeather()]);
  const database = new Database();
  database.run(
    'CREATE TABLE weather (location TEXT, date TEXT, precipitation REAL, temp_max REAL, temp_min REAL, wind REAL, weather TEXT)',
  );
  database.run('BEGIN');
  const insert = database.prepare('INSERT INTO weather VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const day of days) {
    insert.run([day.location, day.date, day.precipitation, day.tempMax, day.tempMin, day.wind, day.weather]);
  }
  insert.free();
  database.run('COMMIT');
  database.run('PRAGMA query_only = ON');
  const [result] = database.exec(sql);
  const rows = (result?.values ?? []).map((row) =>
    row.map((value) => (value instanceof Uint8Array ? `${value.length} bytes` : value)),
  );
  return { columns: result?.columns ?? [], rows: rows.slice(0, mostRows), rowCount: rows.length };
}

function reply(message: WorkerReply<QueryResult>): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data: sql }: MessageEvent<string>) => {
  query(sql).then(
    (result) => reply({ type: 'done', result }),
    (error: unknown) =>
      reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
