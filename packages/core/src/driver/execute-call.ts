import type { ToolContext } from '../agent/tool.ts';
import type { Tool } from '../agent/tool.ts';
import type { Clock } from '../clock/clock.ts';
import { noLongerNeeded } from '../clock/no-longer-needed.ts';
import type { CallOutcome } from '../engine/engine-event.ts';
import { errorMessage } from './error-message.ts';
import { toolOutput } from './tool-result.ts';

export interface Execution {
  readonly tool: Tool;
  /** What the tool's schema made of the model's arguments. */
  readonly value: unknown;
  readonly context: Omit<ToolContext, 'signal'>;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  /** Stops the tool: the run was cancelled, or driving ends. */
  readonly abort: AbortController;
}

function failed(error: unknown): CallOutcome {
  const message = errorMessage(error);
  return { status: 'failed', output: `Error: ${message}`, json: false, error: { code: 'failed', message } };
}

async function run({ tool, value, context, abort }: Execution): Promise<CallOutcome> {
  try {
    const result = await tool.execute(value, { ...context, signal: abort.signal });
    return { status: 'completed', ...toolOutput(result) };
  } catch (error) {
    return failed(error);
  }
}

/** Executes one call. Whatever the tool does, there is an outcome: it never rejects, and never outlasts its time. */
export async function executeCall(execution: Execution): Promise<CallOutcome> {
  const { tool, timeoutMs, clock, abort } = execution;
  const running = run(execution);
  if (timeoutMs === undefined) return running;
  const settled = new AbortController();
  const timeout = clock.sleep(timeoutMs, settled.signal).then((): CallOutcome => {
    const message = `The tool "${tool.name}" took longer than ${timeoutMs} ms.`;
    return {
      status: 'timed_out',
      output: `Error: ${message}`,
      json: false,
      error: { code: 'timed_out', message },
    };
  });
  const outcome = await Promise.race([running, timeout]);
  settled.abort(noLongerNeeded);
  // A tool that looks at its signal can stop working for nobody.
  if (outcome.status === 'timed_out') abort.abort(new Error(outcome.error?.message));
  return outcome;
}
