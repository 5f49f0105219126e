import { RunCancelledError, type Agent, type Runner } from '@longhaul/core';

/** Returns the answer, or undefined if `signal` aborts, for example because a user left. */
export async function answer(
  runner: Runner,
  agent: Agent,
  question: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const run = runner.start(agent, question, { signal });
  try {
    return (await run.result()).text;
  } catch (error) {
    if (RunCancelledError.isInstance(error)) return undefined;
    throw error;
  }
}
