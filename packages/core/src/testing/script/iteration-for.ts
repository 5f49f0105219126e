import type { Iteration } from './iteration.ts';
import type { Script, ScriptRequest } from './script.ts';

/** An iteration that fails with a message about the missing iteration, so that the failing test shows the cause. */
function exhausted(script: readonly Iteration[], iterationIndex: number): Iteration {
  const message = `The emulator's script has ${script.length} iteration(s), but this conversation needs iteration ${iterationIndex} (counted from 0). Add an iteration, or pass a function as the script.`;
  return { fail: { code: 'script_exhausted', message } };
}

/**
 * Whether a tool choice requires a call. `required` and forced choices make the real model call in every iteration, so
 * a client that always sends them never gets an answer.
 */
function mustCall(choice: unknown): boolean {
  if (choice === 'required') return true;
  if (typeof choice !== 'object' || choice === null) return false;
  if ('mode' in choice) return choice.mode === 'required';
  return 'type' in choice && (choice.type === 'function' || choice.type === 'custom');
}

function callsOf(iteration: Iteration): boolean {
  return (
    (iteration.calls?.length ?? 0) > 0 || (iteration.items ?? []).some((item) => item.type.endsWith('_call'))
  );
}

function obeyToolChoice(
  iteration: Iteration,
  request: ScriptRequest,
  script: readonly Iteration[],
): Iteration {
  if (!mustCall(request['tool_choice']) || callsOf(iteration) || iteration.fail !== undefined)
    return iteration;
  const earlier = script.slice(0, request.iterationIndex).findLast(callsOf);
  if (earlier?.calls === undefined) return iteration;
  // Without `callId` the calls get new ids, because this conversation already uses the script's ids.
  return { ...earlier, calls: earlier.calls.map(({ callId: _taken, ...call }) => call) };
}

/** Returns the iteration that answers a request. */
export async function iterationFor(script: Script, request: ScriptRequest): Promise<Iteration> {
  if (typeof script === 'function') return await script(request);
  const iteration = script[request.iterationIndex];
  if (iteration === undefined && !mustCall(request['tool_choice']))
    return exhausted(script, request.iterationIndex);
  const answer = obeyToolChoice(iteration ?? {}, request, script);
  return iteration === undefined && !callsOf(answer) ? exhausted(script, request.iterationIndex) : answer;
}
