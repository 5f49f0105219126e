import { type ChildProcessByStdio, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type BenchProcess = ChildProcessByStdio<null, Readable, null>;

/** Starts a file of this folder as a process of its own. */
export function startProcess(
  file: URL,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): BenchProcess {
  const all = [
    ...flags,
    '--conditions=@longhaul/source',
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(file),
    ...args,
  ];
  return spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'] });
}

export async function firstLine({ stdout, spawnargs }: BenchProcess): Promise<string> {
  for await (const line of createInterface(stdout)) return line;
  throw new Error(`${spawnargs.join(' ')} ended without output.`);
}
