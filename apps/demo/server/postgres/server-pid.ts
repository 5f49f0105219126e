import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** The id of the process that serves a data folder. Undefined if none does. */
export function serverPid(data: string): number | undefined {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 0);
  } catch {
    // The file does not exist, or its process has ended.
    return undefined;
  }
  return pid;
}
