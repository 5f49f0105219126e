import process from 'node:process';
import { hasPrograms } from '../../../apps/demo/server/postgres/programs.ts';

export { hasPrograms };

/** Whether tests can use a PostgreSQL server: one that `LONGHAUL_POSTGRES_URL` names, or one that they start. */
export function hasPostgres(): boolean {
  return Boolean(process.env['LONGHAUL_POSTGRES_URL']) || hasPrograms();
}
