import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { readQuery } from './read-query.ts';

// The process of one query: `node query-process.ts FILE`, with the SQL as its input. `query-shop.ts` starts it.

let sql = '';
for await (const chunk of process.stdin.setEncoding('utf8')) sql += String(chunk);
const database = new DatabaseSync(process.argv[2] ?? ':memory:', { readOnly: true });
let answer: object;
try {
  answer = { result: readQuery(database, sql) };
} catch (error) {
  answer = { error: error instanceof Error ? error.message : String(error) };
}
process.stdout.write(JSON.stringify(answer));
