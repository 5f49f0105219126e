import type { RunView } from '@longhaul/core';
import { useSyncExternalStore } from 'react';
import { isDecided } from './decision-effect.ts';
import { isPageCall } from './page-call.ts';
import { sentDecisions } from './sent-decisions.ts';

/** The id of the first call of a run that waits for a person. Calls that this tab has decided about are left out. */
export function useUndecidedCall(view: RunView): string | undefined {
  return useSyncExternalStore(sentDecisions.subscribe, () => {
    const waits = view.toolCalls.find(
      (call) =>
        (call.status === 'awaiting_approval' ||
          (call.status === 'awaiting_output' && !isPageCall(view, call))) &&
        !isDecided(call, sentDecisions.read(call.callId)),
    );
    return waits?.callId;
  });
}
