import type { OutputItem } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import { agentTexts, messageText, refusalText } from '../../wire/message-text.ts';
import { parseJson } from '../../wire/parse-json.ts';
import type { Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import { callsOf, unanswerableCall, unsupportedCall } from '../calls-of.ts';
import { backOff } from '../policy/back-off.ts';
import { isPassing } from '../policy/failure.ts';
import type { CallState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { beginAttempt, tellFailedAttempt } from './begin-leg.ts';
import { endRun } from './end-run.ts';
import { needDecision, settleUnrun } from './calls.ts';
import { recordLeg } from './record-leg.ts';

/** Responses of one leg that may fail in passing before the run fails. */
const failuresPerLeg = 3;

/**
 * Calls of one response that a run takes. Each save holds the calls of the current leg, so that more would cost more
 * than in proportion; models make dozens.
 */
const callsPerResponse = 1_000;

/** The pending response is terminal: it is never asked for again (I2). */
export function endLeg(step: Step, response: Response, toldItems: readonly number[]): void {
  const usage = addUsage(step.state.usage, readUsage(response.usage));
  const { error } = response;
  step.set({ usage });
  step.setAttempt({ status: response.status, ...(error === null ? {} : { error }) });
  // What a stream says after its final event would be taken for the answer to the next create.
  if (step.state.attempts.at(-1)?.mode === 'stream') step.perform({ type: 'abort_request' });
  switch (response.status) {
    case 'completed':
      return completed(step, response, toldItems);
    case 'failed':
      return failed(step, response, toldItems);
    case 'incomplete': {
      const code = response.incompleteReason ?? 'incomplete';
      recordResponse(step, response, toldItems);
      return endRun(step, {
        status: 'incomplete',
        error: { code, message: `The response ${response.id} is incomplete: ${code}.` },
      });
    }
    default:
      recordResponse(step, response, toldItems);
      return endRun(step, {
        status: 'cancelled',
        error: {
          code: 'cancelled',
          message: `The response ${response.id} was cancelled at the server by someone else.`,
        },
      });
  }
}

function failed(step: Step, response: Response, toldItems: readonly number[]): void {
  const error = response.error ?? {
    code: 'unknown',
    message: `The response ${response.id} failed without a reason.`,
  };
  const { attempts, usage } = step.state;
  const failures = attempts.filter((attempt) => attempt.status === 'failed').length;
  if (isPassing(error.code) && failures < failuresPerLeg) {
    const retryAt = step.at + backOff(failures, step.random, 1_000);
    tellFailedAttempt(step, error, { retryAt, totalUsage: usage });
    return beginAttempt(step, { retryAt }, false);
  }
  recordResponse(step, response, toldItems);
  endRun(step, { status: 'failed', error });
}

function completed(step: Step, response: Response, toldItems: readonly number[]): void {
  recordResponse(step, response, toldItems);
  const unsupported = unsupportedCall(response.output);
  if (unsupported !== undefined) {
    const message = `The response ${response.id} asks for a ${unsupported.type}, which the client would have to execute and Longhaul does not.`;
    return endRun(step, { status: 'failed', error: { code: 'unsupported_call', message } });
  }
  if (unanswerableCall(response.output) !== undefined) {
    const message = `The response ${response.id} has a call without an id, which nothing could answer.`;
    return endRun(step, { status: 'failed', error: { code: 'invalid_response', message } });
  }
  step.set({ previousResponseId: response.id });
  const calls = callsOf(response.output);
  if (calls.length > callsPerResponse) {
    const message = `The response ${response.id} has ${calls.length} calls; a run takes at most ${callsPerResponse} of one response. None was run.`;
    return endRun(step, { status: 'incomplete', error: { code: 'max_calls', message }, limit: true });
  }
  if (calls.length > 0) return takeCalls(step, response, calls);
  const { structured } = step.state.policy;
  const refusal = refusalText(response.output);
  // A refusal beside text is part of the answer; one alone is none, and must not look like an empty success (I11).
  if (refusal !== '' && (structured || messageText(response.output) === '')) {
    const message = `The model refused: ${refusal}`;
    return endRun(step, { status: 'failed', error: { code: 'refusal', message } });
  }
  if (!structured) return endRun(step, { status: 'completed' });
  step.save();
  step.perform({ type: 'read_output' });
}

/** Only calls of a completed response get here (I4). */
function takeCalls(step: Step, response: Response, calls: readonly CallState[]): void {
  const { policy, iteration, usage } = step.state;
  step.go({ type: 'tools', responseId: response.id, calls });
  step.save();
  const limit =
    iteration + 1 >= policy.maxIterations
      ? {
          code: 'max_iterations',
          message: `The run has taken its ${policy.maxIterations} legs and the model still calls tools.`,
        }
      : policy.totalTokens !== null && usage.totalTokens >= policy.totalTokens
        ? {
            code: 'token_limit',
            message: `The run has used ${usage.totalTokens} of ${policy.totalTokens} tokens and the model still calls tools.`,
          }
        : undefined;
  if (limit !== undefined) {
    for (const call of calls) settleUnrun(step, call, limit.message);
    return endRun(step, { status: 'incomplete', error: limit, limit: true });
  }
  for (const call of calls) {
    if (call.kind === 'mcp_approval')
      needDecision(step, call, 'approval', argumentsOf(response.output, call.callId));
  }
  const callIds = calls.filter((call) => !call.assessed).map((call) => call.callId);
  if (callIds.length > 0) step.perform({ type: 'assess', callIds });
}

function argumentsOf(output: readonly OutputItem[], id: string): JsonValue | undefined {
  return parseJson(output.find((item) => item.id === id)?.['arguments']);
}

/** Appends the leg to the run's record and tells what has not been told while it streamed. */
function recordResponse(step: Step, response: Response, toldItems: readonly number[]): void {
  const { iteration } = step.state;
  for (const [outputIndex, item] of response.output.entries()) {
    step.save({ type: 'output', iteration, outputIndex, item });
    if (!toldItems.includes(outputIndex)) step.tell({ type: 'item.done', iteration, outputIndex, item });
  }
  const { id, status, store, serviceTier, toolUsage } = response;
  recordLeg(step, {
    responseId: id,
    status,
    usage: readUsage(response.usage),
    serviceTier,
    toolUsage,
    store,
    text: messageText(response.output),
    agentTexts: agentTexts(response.output),
    toolCallIds: callsOf(response.output).map((call) => call.callId),
  });
  // Nothing is pending any more, whatever comes next (I2).
  step.go({ type: 'finishing' });
}
