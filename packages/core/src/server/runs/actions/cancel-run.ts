import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { checkFields, readOptionalJson, readOptionalText } from '../request-body.ts';

/** The longest reason of a cancel. It is saved with the run. */
const longestReason = 1_000;

/** Cancels a run. Answers immediately: the end of the run may take as long as the answer of the API. */
export async function cancelRun<P extends Principal>(
  { access, config, shown }: HandlerParts<P>,
  { principal, request, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  const { run, release } = await access.open(principal, runId, 'cancel');
  let cancelling: Promise<unknown> | undefined;
  try {
    const body = await readOptionalJson(request, config.limits.inputBytes, config.clock);
    checkFields(body, ['reason']);
    const reason = readOptionalText(body, 'reason', longestReason);
    cancelling = run.cancel(reason).catch(report);
    return shown.answer(run, 202);
  } finally {
    // The cancel continues. If another process drives the run, this one follows the run until it has ended.
    void (cancelling ?? Promise.resolve()).finally(release);
  }
}
