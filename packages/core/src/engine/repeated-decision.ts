import { isSameJson } from '../wire/is-same-json.ts';
import { asJson } from './call-output.ts';
import type { RecordedDecision } from './engine-event.ts';
import { isDecisionMade } from './processed-messages.ts';
import type { RunState } from './run-state.ts';
import type { StoredCall, StoredItem } from './stored-item.ts';

/** The reason of a denied call if the decision has no reason. */
export const noReason = 'No reason was given.';

/**
 * Whether exactly these decisions were made for calls of this iteration. A client repeats them if it has not received the
 * answer to its request.
 */
export function areDecided(
  state: RunState,
  items: readonly StoredItem[],
  decisions: readonly RecordedDecision[],
  iteration: number,
): boolean {
  return decisions.every((decision) => {
    const { type, callId } = decision;
    if (!isDecisionMade(state, callId, iteration, type)) return false;
    if (type === 'approve') return true;
    const settled = items.findLast(
      (item): item is StoredCall =>
        item.type === 'call' && item.callId === callId && item.iteration === iteration,
    );
    return settled !== undefined && hasContent(settled, decision);
  });
}

function hasContent(
  { output, error, name }: StoredCall,
  decision: Exclude<RecordedDecision, { readonly type: 'approve' }>,
): boolean {
  switch (decision.type) {
    case 'deny':
      return error?.message === (decision.reason ?? noReason);
    case 'error':
      return error?.message === decision.message;
    case 'output': {
      if (output === undefined || output.type === 'mcp_approval_response') return false;
      // A tool with an output schema has recorded the output in another form.
      const settlement = asJson({ status: 'completed', output: decision.output, json: decision.json }, name);
      return isSameJson(output.output, decision.output) || isSameJson(output.output, settlement.output);
    }
  }
}
