import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { QueryResult } from './read-query.ts';

const script = fileURLToPath(new URL('./query-process.ts', import.meta.url));

/** The time of one query with the start of its process, in milliseconds. */
const defaultTimeoutMs = 5_000;

/** The largest answer, in bytes. */
const mostBytes = 2 ** 20;

const answerSchema = v.union([
  v.object({
    result: v.object({
      columns: v.array(v.string()),
      rows: v.array(v.array(v.union([v.string(), v.number(), v.null()]))),
      rowCount: v.number(),
    }),
  }),
  v.object({ error: v.string() }),
]);

/** The last query. Queries run one after the other, because Node's SQLite cannot limit the memory of a query. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs one SELECT in a process of its own. Only another process can be stopped while SQLite executes a query: an endless
 * query would block the server, and cannot be interrupted in a thread. The process has no environment variables, so it
 * cannot reveal the server's keys.
 *
 * @throws Error if the query fails, takes too long, or returns too much
 */
export async function queryShop(
  file: string,
  sql: string,
  signal: AbortSignal,
  timeoutMs: number = defaultTimeoutMs,
): Promise<QueryResult> {
  const asked = last.then(() => ask(file, sql, signal, timeoutMs));
  last = asked.catch(() => undefined);
  const answer = v.parse(answerSchema, JSON.parse(await asked));
  if ('error' in answer) throw new Error(answer.error);
  return answer.result;
}

function ask(file: string, sql: string, signal: AbortSignal, timeoutMs: number): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const options = {
      env: {},
      killSignal: 'SIGKILL',
      maxBuffer: mostBytes,
      signal,
      timeout: timeoutMs,
    } as const;
    const child = execFile(process.execPath, ['--no-warnings', script, file], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (signal.aborted) reject(new Error('The query was stopped.'));
      else if (error.killed === true) reject(new Error(`The query took longer than ${timeoutMs / 1_000} s.`));
      else reject(new Error('The query needs too much memory.'));
    });
    // The process may end before it has read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(sql);
  });
}
