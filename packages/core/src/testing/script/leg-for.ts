import type { Leg } from './leg.ts';
import type { Script, ScriptRequest } from './script.ts';

/** Says which leg was asked for, in the failed response's own message: a test that runs off its script must see why. */
function exhausted(script: readonly Leg[], legIndex: number): Leg {
  const message = `The emulator's script has ${script.length} leg(s), and this conversation asks for leg ${legIndex} (counted from 0). Add a leg, or give a function as script.`;
  return { fail: { code: 'script_exhausted', message } };
}

/** `required` and forced choices make the real model call on every leg: whoever sends them again never gets an answer. */
function mustCall(choice: unknown): boolean {
  if (choice === 'required') return true;
  if (typeof choice !== 'object' || choice === null) return false;
  if ('mode' in choice) return choice.mode === 'required';
  return 'type' in choice && (choice.type === 'function' || choice.type === 'custom');
}

function callsOf(leg: Leg): boolean {
  return (leg.calls?.length ?? 0) > 0 || (leg.items ?? []).some((item) => item.type.endsWith('_call'));
}

function obeyToolChoice(leg: Leg, request: ScriptRequest, script: readonly Leg[]): Leg {
  if (!mustCall(request['tool_choice']) || callsOf(leg) || leg.fail !== undefined) return leg;
  const earlier = script.slice(0, request.legIndex).findLast(callsOf);
  if (earlier?.calls === undefined) return leg;
  // New call ids: the ones of the script are taken in this conversation.
  return { ...earlier, calls: earlier.calls.map(({ callId: _taken, ...call }) => call) };
}

/** The leg that answers a request. */
export async function legFor(script: Script, request: ScriptRequest): Promise<Leg> {
  if (typeof script === 'function') return await script(request);
  const leg = script[request.legIndex];
  if (leg === undefined && !mustCall(request['tool_choice'])) return exhausted(script, request.legIndex);
  const answer = obeyToolChoice(leg ?? {}, request, script);
  return leg === undefined && !callsOf(answer) ? exhausted(script, request.legIndex) : answer;
}
