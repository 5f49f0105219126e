import type { RunView } from '../../../engine/view/run-view.ts';
import { LonghaulError } from '../../../errors/longhaul-error.ts';
import type { InputItem } from '../../../wire/items.ts';
import type { JsonObject } from '../../../wire/json.ts';
import type { Principal } from '../../principal.ts';
import { Refusal } from '../../refusal.ts';
import { refusalOf } from '../input-refusal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, invalidRequest, unavailable } from '../refusals.ts';
import { checkFields, readJson } from '../request-body.ts';
import { isRunId } from '../runs-route.ts';
import { readVisitorInput } from '../visitor-input.ts';
import { withinTime } from '../within-time.ts';

/** The codes of a run that takes no input. */
const refusals: ReadonlySet<string> = new Set(['run_over', 'steer_limit']);

interface SteerRequest {
  readonly steerId: string;
  readonly input: string | readonly InputItem[];
}

function readSteer(body: JsonObject): SteerRequest {
  checkFields(body, ['steerId', 'input']);
  const { steerId } = body;
  if (!isRunId(steerId)) throw invalidRequest('`steerId` must have the form of a `runId`.');
  const input = readVisitorInput(body['input']);
  if (input.length === 0) throw invalidRequest('`input` must not be empty.');
  return { steerId, input };
}

/**
 * Refuses input if the run would have more steered input than one request may have. Each view of the run contains all of
 * it. A repetition has been counted before.
 */
function checkSize({ steered }: RunView, { steerId, input }: SteerRequest, most: number): void {
  if (steered.some((one) => one.steerId === steerId)) return;
  const inputs = [...steered.map((one) => one.input), input];
  const bytes = new TextEncoder().encode(JSON.stringify(inputs)).byteLength;
  if (bytes <= most) return;
  const message = `The inputs that were added to this run have more than ${most} bytes. Send this one when the run has ended.`;
  throw new Refusal(413, 'request_too_large', message);
}

/**
 * Adds a visitor's input to an active run. The answer comes when the input is saved. A repetition of the request changes
 * nothing.
 */
export async function steerRun<P extends Principal>(
  { access, config, shown }: HandlerParts<P>,
  { principal, request, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  const { run, release } = await access.open(principal, runId, 'decide');
  let steering: Promise<void> | undefined;
  try {
    const body = await readJson(request, config.limits.inputBytes, config.clock);
    const asked = readSteer(body);
    checkSize(run.view, asked, config.limits.inputBytes);
    const { steerId, input: given } = asked;
    const input = await config.input(principal, given, { agent: run.view.agent });
    if (input instanceof Response) return refusalOf(input);
    steering = run.steer(input, { steerId });
    if ((await withinTime(config.clock, steering)) === undefined) {
      steering.catch(report);
      throw unavailable();
    }
    return shown.answer(run, 202);
  } catch (error) {
    if (LonghaulError.isInstance(error) && refusals.has(error.code))
      throw conflict(error.message, error.code);
    throw error;
  } finally {
    // This process follows the run until the input has arrived.
    (steering ?? Promise.resolve()).catch(() => undefined).finally(release);
  }
}
