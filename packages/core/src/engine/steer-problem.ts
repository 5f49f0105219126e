import type { MessageProblem } from './message-result.ts';
import type { RunState } from './run-state.ts';

/** The number of inputs that a run takes. Each save contains their ids. */
const mostSteers = 100;

/** Whether the run has received this input before. */
export function isSteered({ steers = [] }: RunState, steerId: string): boolean {
  return steers.some((steer) => steer.steerId === steerId);
}

/** Why the run cannot take the input; undefined if it can, or if it has received this input before. */
export function steerProblem(state: RunState, steerId: string): MessageProblem | undefined {
  if (isSteered(state, steerId)) return undefined;
  const { phase, runId, status, steers = [] } = state;
  if (phase.type === 'done' || phase.type === 'cancelling')
    return {
      code: 'run_over',
      reason: `Run ${runId} is ${status}, so it takes no more input. Start a run with \`continueFrom\`.`,
    };
  if (steers.length < mostSteers) return undefined;
  return {
    code: 'steer_limit',
    reason: `Run ${runId} has received ${mostSteers} inputs. Wait until it has ended, and start a run with \`continueFrom\`.`,
  };
}
