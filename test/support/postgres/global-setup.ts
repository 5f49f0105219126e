import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The connection string of the PostgreSQL database of this run. */
    postgresUrl: string;
  }
}

/** Starts one server for all test files of the project, or uses that of `LONGHAUL_POSTGRES_URL`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['LONGHAUL_POSTGRES_URL'];
  const server = given ? undefined : await startPostgres();
  project.provide('postgresUrl', server?.url ?? given ?? '');
  return async () => server?.close();
}
