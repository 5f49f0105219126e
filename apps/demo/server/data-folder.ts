import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of the data of one server: `LONGHAUL_DEMO_DATA`, or the project's cache folder.
 *
 * @param port Each port has its own data: a browser stores runs by origin, and two servers must not write one file
 */
export function dataFolder(env: Environment, port: number): string {
  const base =
    env['LONGHAUL_DEMO_DATA'] ??
    fileURLToPath(new URL('../node_modules/.cache/longhaul-demo', import.meta.url));
  return join(base, String(port));
}
