import { isClientCall } from '../../wire/client-tools.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { Response } from '../../wire/response.ts';
import { callIdOf, isCall } from '../calls.ts';

/** Returns the first call that only the client could execute. A hosted shell sends the outputs of its calls itself. */
function unsupportedCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find(
    (item) =>
      isClientCall(item) &&
      !output.some((other) => other.type === `${item.type}_output` && isOutputOf(other, item)),
  );
}

/** Whether an item is the output of a call: its `call_id`, or the `id` of a local shell output, belongs to the call. */
function isOutputOf({ id, call_id: callId = id }: OutputItem, call: OutputItem): boolean {
  return callId === call['call_id'] || callId === call.id;
}

/** Returns the first call without an id, which cannot be answered. */
function unanswerableCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find((item) => isCall(item) && callIdOf(item) === undefined);
}

/** Returns a call id that two calls of an output have. */
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

/** Returns the error of a call that cannot be answered. It fails the run, and no call of the response is executed. */
export function callProblem({
  id,
  output,
}: Response): { readonly code: string; readonly message: string } | undefined {
  const unsupported = unsupportedCall(output);
  if (unsupported !== undefined) {
    const message = `The response ${id} contains a ${unsupported.type}, which the client must execute. Longhaul does not support it.`;
    return { code: 'unsupported_call', message };
  }
  if (unanswerableCall(output) !== undefined) {
    const message = `The response ${id} has a call without an id, which cannot be answered.`;
    return { code: 'invalid_response', message };
  }
  const duplicate = duplicateCall(output);
  if (duplicate === undefined) return undefined;
  const message = `Two calls of the response ${id} have the id ${duplicate}. One output cannot answer both, so none was executed.`;
  return { code: 'duplicate_call_id', message };
}
