import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The time in which a process may end after SIGTERM, in milliseconds. */
const endWithinMs = 15_000;

/** Starts a script as a child process, in a process group of its own: Ctrl-C reaches only its supervisor. */
export function startChild(script: string, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(script, { env, detached: true });
}

export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Ends a process with SIGTERM, and with SIGKILL if it does not end in time. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
  await ended;
  clearTimeout(limit);
}
