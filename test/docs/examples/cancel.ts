import { RunCancelledError, type Agent, type Runner } from '@longhaul/core';

/** The answer, or undefined where `signal` was aborted: a visitor who left, a request that timed out. */
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
