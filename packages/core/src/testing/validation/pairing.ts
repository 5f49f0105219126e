import type { Item } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { callAnsweredBy, callMadeBy } from '../world/conversation.ts';

/** Every call has an output and every output a call before it, over the whole conversation. */
export function pairingError(conversation: readonly Item[]): ApiError | undefined {
  const open = new Set<string>();
  const made = new Set<string>();
  for (const item of conversation) {
    const call = callMadeBy(item);
    if (call !== undefined) {
      made.add(call);
      open.add(call);
    }
    const answered = callAnsweredBy(item);
    if (answered === undefined) continue;
    if (!made.has(answered)) {
      const kind = item.type === 'custom_tool_call_output' ? 'custom tool call' : 'function call';
      return invalidRequest(`No tool call found for ${kind} output with call_id ${answered}.`, 'input');
    }
    open.delete(answered);
  }
  const [unanswered] = open;
  return unanswered === undefined
    ? undefined
    : invalidRequest(`No tool output found for function call ${unanswered}.`, 'input');
}
