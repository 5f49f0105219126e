import { DecisionError } from '../../../errors/decision-error.ts';
import type { DrivenRun } from '../../../run/driving-runner.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict } from '../refusals.ts';
import { readJson } from '../request-body.ts';
import { withinTime } from '../within-time.ts';
import { readDecisions, type DecisionsRequest } from './decisions-body.ts';

/** Sends the decisions, unless exactly these were made before. Resolves when their effect is saved. */
async function respond(
  run: DrivenRun,
  { decisions, iteration }: DecisionsRequest,
  by: string,
): Promise<void> {
  const isRepeated = (): Promise<boolean> => run.hasDecided(decisions, iteration);
  if (await isRepeated()) return;
  try {
    await run.respond(decisions, { by, iteration });
  } catch (error) {
    // The same request may have been processed at the same time, here or in another process.
    if (DecisionError.isInstance(error) && (await isRepeated())) return;
    throw error;
  }
}

/**
 * Makes decisions about waiting calls. If their effect is not saved within the time of a request, the answer has the
 * view without it. The decisions then still reach the process that drives the run.
 */
export async function decide<P extends Principal>(
  { access, config, shown }: HandlerParts<P>,
  { principal, owner, request, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  const { run, release } = await access.open(principal, runId, 'decide');
  let deciding: Promise<void> | undefined;
  try {
    const decisions = readDecisions(await readJson(request, config.limits.inputBytes, config.clock));
    deciding = respond(run, decisions, owner);
    const isSaved = (await withinTime(config.clock, deciding)) !== undefined;
    if (!isSaved) deciding.catch(report);
    return shown.answer(run, 202);
  } catch (error) {
    if (DecisionError.isInstance(error)) throw conflict(error.message, error.code);
    throw error;
  } finally {
    // This process follows the run until the decisions have arrived.
    (deciding ?? Promise.resolve()).catch(() => undefined).finally(release);
  }
}
