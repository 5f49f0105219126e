import initSqlJs, { type SqlJsStatic } from 'sql.js';
import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url';
import { loadWeather } from '../../data/load-weather.ts';
import { answerAsWorker } from '../answer-as-worker.ts';
import { retryOnFailure } from '../../retry-on-failure.ts';
import type { QueryResult } from './query-data.ts';

const mostRows = 60;

async function loadSqlite(): Promise<SqlJsStatic> {
  const wasmBinary = await retryOnFailure(async () => (await fetch(wasmUrl)).arrayBuffer());
  return await initSqlJs({ wasmBinary });
}

async function query(sql: string): Promise<QueryResult> {
  const [{ Database }, days] = await Promise.all([loadSqlite(), retryOnFailure(loadWeather)]);
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

answerAsWorker(query);
