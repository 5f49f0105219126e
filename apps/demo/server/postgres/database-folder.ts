import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramUser, programUser } from './programs.ts';

/**
 * The folder of the PostgreSQL data of a server of the demo, inside `folder`. As root, PostgreSQL runs as another user:
 * if that user cannot enter `folder`, the data is in `/var/tmp`.
 *
 * @throws Error if the folder in `/var/tmp` belongs to another user
 */
export function databaseFolder(folder: string): string {
  const usual = join(folder, 'postgres');
  const user = programUser();
  if (user === undefined) return usual;
  mkdirSync(folder, { recursive: true });
  mkdirSync(usual, { recursive: true, mode: 0o700 });
  chownSync(usual, user.uid, user.gid);
  return canEnter(user, usual) ? usual : sharedFolder(usual, user);
}

function canEnter(user: ProgramUser, folder: string): boolean {
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}

function sharedFolder(usual: string, user: ProgramUser): string {
  const name = createHash('sha256').update(usual).digest('hex').slice(0, 16);
  const folder = `/var/tmp/longhaul-demo-${name}`;
  try {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, user.uid, user.gid);
  } catch {
    // The folder of an earlier start. Any user can create a folder here.
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== user.uid)
      throw new Error(`${folder} belongs to another user. Set LONGHAUL_DEMO_DATA to another folder.`);
  }
  return folder;
}
