import { DecisionError } from '../../../errors/decision-error.ts';
import type { DrivenRun } from '../../../run/driving-runner.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, invalidRequest, unavailable } from '../refusals.ts';
import { isHiddenCall, type Redaction } from '../redact/redaction.ts';
import { checkFields, readOptionalJson, readOptionalText } from '../request-body.ts';
import { withinTime } from '../within-time.ts';

/** Whether pages do not see the arguments of the call. */
function isHidden({ view }: DrivenRun, redaction: Redaction, callId: string): boolean {
  const call = view.toolCalls.findLast((one) => one.callId === callId);
  return call !== undefined && isHiddenCall(call, redaction);
}

/**
 * Leases a call to a page that will execute it, or renews the lease. The lease is saved before the answer. A call whose
 * arguments are hidden is not leased, because the page would execute it without them.
 */
export async function leaseCall<P extends Principal>(
  { access, config, shown }: HandlerParts<P>,
  { principal, request }: Visit<P>,
  runId: string,
  callId: string,
): Promise<Response> {
  return access.use(principal, runId, 'decide', async (run) => {
    const body = await readOptionalJson(request, config.limits.inputBytes, config.clock);
    checkFields(body, ['leaseId']);
    const leaseId = readOptionalText(body, 'leaseId');
    if (leaseId !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(leaseId))
      throw invalidRequest('`leaseId` must be one that this route has returned.');
    if (isHidden(run, shown.redactionOf(run.view.agent), callId))
      throw invalidRequest('The arguments of this call are hidden from pages, so a page cannot execute it.');
    try {
      const leased = await withinTime(config.clock, run.lease(callId, leaseId));
      if (leased === undefined) throw unavailable();
      return Response.json(leased.value);
    } catch (error) {
      if (DecisionError.isInstance(error)) throw conflict(error.message, error.code);
      throw error;
    }
  });
}
