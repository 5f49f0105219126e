import { ConfigurationError } from '../../../errors/configuration-error.ts';
import { isTerminalRun } from '../../../engine/view/run-view.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, hasCode, unavailable } from '../refusals.ts';
import { checkFields, readOptionalJson } from '../request-body.ts';
import { withinTime } from '../within-time.ts';

/** Drives a run that no process drives. A run that is driven, or has ended, does not change. */
export async function resumeRun<P extends Principal>(
  { access, config, shown }: HandlerParts<P>,
  { principal, request, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  return access.use(principal, runId, 'decide', async (run) => {
    checkFields(await readOptionalJson(request, config.limits.inputBytes, config.clock), []);
    const { status, agent } = run.view;
    if (isTerminalRun(status)) return shown.answer(run, 202);
    try {
      const resumed = await withinTime(config.clock, config.runner.resume(agent, runId));
      if (resumed === undefined) throw unavailable();
      return shown.answer(resumed.value, 202);
    } catch (error) {
      if (!ConfigurationError.isInstance(error) && !hasCode(error, 'context_missing')) throw error;
      report(error);
      throw conflict('This server cannot drive the run.');
    }
  });
}
