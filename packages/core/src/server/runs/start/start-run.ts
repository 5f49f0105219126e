import type { DrivenRun } from '../../../run/driving-runner.ts';
import type { RunInput } from '../../../run/run-input.ts';
import { defined } from '../../../wire/defined.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, hasCode, noSuchRun, unavailable } from '../refusals.ts';
import { refusalOf } from '../input-refusal.ts';
import { readJson } from '../request-body.ts';
import { withinTime } from '../within-time.ts';
import { checkConversation } from './check-conversation.ts';
import type { PendingStart } from './run-starts.ts';
import { hashOfStart, readStart, type StartRequest } from './start-body.ts';
import { checkStartLimits } from './start-limits.ts';

/** Refuses a start. The text does not reveal the owner of the run. */
function taken(): Error {
  return conflict('The id of the run is taken.');
}

/** The answer if the saved run has been started by the same request. Undefined if there is no run with this id. */
async function repeated<P extends Principal>(
  { access, shown }: HandlerParts<P>,
  visit: Visit<P>,
  runId: string,
  requestHash: string,
): Promise<Response | undefined> {
  const saved = await access.saved(runId);
  if (saved === undefined) return undefined;
  // The hash contains the owner. The run of another owner is not loaded.
  if (saved.owner !== visit.owner) throw taken();
  const found = await access.find(runId);
  if (found === undefined) return undefined;
  try {
    const { owner, requestHash: hash, view } = found.run;
    if (hash !== requestHash) throw taken();
    // The visitor may have lost the right since the first request.
    if (!(await access.may(visit.principal, { owner, runId, agent: view.agent }, 'read'))) throw noSuchRun();
    return shown.answer(found.run, 200);
  } finally {
    found.release();
  }
}

function begin<P extends Principal>(
  { config }: HandlerParts<P>,
  { owner }: Visit<P>,
  { runId, agent, continueFrom, threadId, title, metadata }: StartRequest,
  input: RunInput,
  requestHash: string,
): DrivenRun {
  const totalTokens = config.limits.runTokens;
  return config.runner.start(agent, input, {
    runId,
    owner,
    requestHash,
    watched: true,
    ...defined({ continueFrom, threadId, title, untrusted: metadata }),
    ...(totalTokens === undefined ? {} : { limits: { totalTokens } }),
  });
}

async function startNew<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
  start: StartRequest,
  requestHash: string,
  pending: PendingStart,
): Promise<Response> {
  const { config, shown, lists } = parts;
  const { runId, agent } = start;
  await checkConversation(parts, visit, start);
  await checkStartLimits(parts, visit.owner, pending.earlier);
  const input = await config.input(visit.principal, start.input, { agent });
  if (input instanceof Response) return refusalOf(input);
  const run = begin(parts, visit, start, input, requestHash);
  const saving = run.saved();
  pending.holdFor(saving);
  try {
    if ((await withinTime(config.clock, saving)) === undefined) throw unavailable();
  } catch (error) {
    // Another process has saved a run with this id first.
    const winner = hasCode(error, 'conflict') ? await repeated(parts, visit, runId, requestHash) : undefined;
    if (winner !== undefined) return winner;
    throw error;
  }
  lists.changed(visit.owner);
  return shown.answer(run, 201);
}

/**
 * Starts a run. The page makes the id, so it may repeat the request until it is answered. A repetition returns the same
 * run. The limits and the `input` hook apply only once.
 */
export async function startRun<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
): Promise<Response> {
  const { config, starts } = parts;
  const body = await readJson(visit.request, config.limits.inputBytes, config.clock);
  const start = readStart(body, config.agents);
  const requestHash = await hashOfStart(visit.owner, body);
  const beginning = starts.begin(start.runId, visit.owner);
  const begun = await withinTime(config.clock, beginning);
  if (begun === undefined) {
    void beginning.then((late) => late.answered());
    throw unavailable();
  }
  const pending = begun.value;
  try {
    const known = await repeated(parts, visit, start.runId, requestHash);
    return known ?? (await startNew(parts, visit, start, requestHash, pending));
  } finally {
    pending.answered();
  }
}
