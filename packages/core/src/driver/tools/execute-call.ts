import type { Tool, ToolContext } from '../../agent/tool.ts';
import type { Scrub } from '../../client/scrub.ts';
import type { Clock } from '../../clock/clock.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { CallOutcome } from '../../engine/engine-event.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { toolOutput } from './tool-result.ts';

export interface Execution {
  readonly tool: Tool;
  /** The arguments as the tool's schema returns them. */
  readonly value: unknown;
  readonly context: Omit<ToolContext, 'signal'>;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  /** Stops the tool when the run is cancelled or driving ends. */
  readonly abort: AbortController;
  /** Removes secrets from the tool's errors. */
  readonly scrub: Scrub;
}

function failed(code: 'failed' | 'timed_out', message: string): CallOutcome {
  return { status: code, output: `Error: ${message}`, json: false, error: { code, message } };
}

async function runTool({ tool, value, context, abort, scrub }: Execution): Promise<CallOutcome> {
  try {
    const result = await tool.execute(value, { ...context, signal: abort.signal });
    return { status: 'completed', ...toolOutput(result) };
  } catch (error) {
    return failed('failed', errorMessage(error, scrub));
  }
}

/** Executes one call. The promise resolves within the time limit, if there is one, and never rejects. */
export function executeCall(execution: Execution): Promise<CallOutcome> {
  const { tool, timeoutMs, clock, abort } = execution;
  return withTimeout(timeoutMs, clock, runTool(execution), () => {
    const message = `The tool "${tool.name}" took longer than ${timeoutMs} ms.`;
    // A tool that observes its signal can stop its work, whose result is no longer used.
    abort.abort(new Error(message));
    return failed('timed_out', message);
  });
}
