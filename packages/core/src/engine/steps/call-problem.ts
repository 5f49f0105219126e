import { isClientCall } from '../../wire/client-tools.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { Response } from '../../wire/response.ts';
import { callIdOf, isCall } from '../calls.ts';

/** The first item of an output that only the client could execute. Hosted shells bring their own outputs along. */
function unsupportedCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find(
    (item) =>
      isClientCall(item) &&
      !output.some((other) => other.type === `${item.type}_output` && answers(other, item)),
  );
}

/** An output names its call by `call_id`; one of a local shell has no such field, and takes the call's id for its own. */
function answers({ id, call_id: callId = id }: OutputItem, call: OutputItem): boolean {
  return callId === call['call_id'] || callId === call.id;
}

/** A call without an id: nothing could answer it, so the run must not look finished either. */
function unanswerableCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find((item) => isCall(item) && callIdOf(item) === undefined);
}

/** A call id that two calls of an output share. */
function duplicateCall(output: readonly OutputItem[]): string | undefined {
  const seen = new Set<string>();
  for (const item of output) {
    const callId = isCall(item) ? callIdOf(item) : undefined;
    if (callId === undefined) continue;
    if (seen.has(callId)) return callId;
    seen.add(callId);
  }
  return undefined;
}

/** A call that nothing can answer ends the run: it must not look finished, and nothing of its response is run. */
export function callProblem({
  id,
  output,
}: Response): { readonly code: string; readonly message: string } | undefined {
  const unsupported = unsupportedCall(output);
  if (unsupported !== undefined) {
    const message = `The response ${id} asks for a ${unsupported.type}, which the client would have to execute and Longhaul does not.`;
    return { code: 'unsupported_call', message };
  }
  if (unanswerableCall(output) !== undefined) {
    const message = `The response ${id} has a call without an id, which nothing could answer.`;
    return { code: 'invalid_response', message };
  }
  const duplicate = duplicateCall(output);
  if (duplicate === undefined) return undefined;
  const message = `Two calls of the response ${id} have the id ${duplicate}: one output cannot answer both, so none was run.`;
  return { code: 'duplicate_call_id', message };
}
