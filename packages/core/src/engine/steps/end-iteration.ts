import type { OutputItem } from '../../wire/items.ts';
import { messageText, refusalText } from '../../wire/message-text.ts';
import type { JsonValue } from '../../wire/json.ts';
import { parseJson } from '../../wire/parse-json.ts';
import type { Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import { callsOf } from '../calls.ts';
import type { CallState } from '../run-state.ts';
import type { Streamed } from '../streamed.ts';
import type { Step } from '../step.ts';
import { callProblem } from './call-problem.ts';
import { needDecision, settleNotRun } from './settle-call.ts';
import { endRun } from './end-run.ts';
import { onFailedResponse } from './failed-response.ts';
import { recordResponse } from './record-iteration.ts';
import { responseOutput } from './response-output.ts';

/**
 * Maximum number of calls in one response. Each save contains all calls of the iteration, so the cost grows faster than
 * their number. Models make dozens.
 */
const callsPerResponse = 1_000;

/**
 * Ends the iteration of a terminal response, which is not retrieved again (I2).
 *
 * @param response The final response. A later create refers to its id.
 * @param pendingId The id that was polled. Some gateways end a response under another id (litellm 15918).
 */
export function endIteration(step: Step, response: Response, pendingId: string, streamed: Streamed): void {
  const usage = addUsage(step.state.usage, readUsage(response.usage));
  const { error } = response;
  step.set({ usage });
  step.setAttempt({ status: response.status, ...(error === null ? {} : { error }) });
  // Events after the final one would be mistaken for the answer to the next create.
  if (step.state.attempts.at(-1)?.mode === 'stream') step.perform({ type: 'abort_request' });
  const whole = responseOutput(step, response, streamed);
  const record = (): void => recordResponse(step, whole, pendingId, streamed);
  switch (response.status) {
    case 'completed':
      step.set({ trouble: null });
      record();
      return completed(step, whole, pendingId);
    case 'failed':
      return onFailedResponse(step, whole, streamed, record);
    case 'incomplete': {
      const code = response.incompleteReason ?? 'incomplete';
      record();
      return endRun(step, {
        status: 'incomplete',
        error: { code, message: `The response ${response.id} is incomplete: ${code}.` },
      });
    }
    default:
      record();
      return endRun(step, {
        status: 'cancelled',
        error: {
          code: 'cancelled',
          message: `The response ${response.id} was cancelled at the server, but not by this run.`,
        },
      });
  }
}

function completed(step: Step, response: Response, pendingId: string): void {
  const problem = callProblem(response);
  if (problem !== undefined) return endRun(step, { status: 'failed', error: problem });
  const isRenamed = response.id !== pendingId;
  if (isRenamed) {
    step.warn(
      'response_id_changed',
      `The response ${pendingId} ended under the id ${response.id}. The run continues from that id.`,
    );
  }
  step.set({ previousResponseId: response.id, otherPreviousId: isRenamed ? pendingId : null });
  const calls = callsOf(response.output);
  if (calls.length > callsPerResponse) {
    const message = `The response ${response.id} has ${calls.length} calls; the limit is ${callsPerResponse}. None of them was executed.`;
    return endRun(step, { status: 'incomplete', error: { code: 'max_calls', message }, errorKind: 'limit' });
  }
  if (calls.length > 0) return beginTools(step, response, calls);
  const { structured } = step.state.policy;
  const refusal = refusalText(response.output);
  // A refusal with text is part of the answer. A refusal alone must not look like an empty success (I11).
  if (refusal !== '' && (structured || messageText(response.output) === '')) {
    const message = `The model refused: ${refusal}`;
    return endRun(step, { status: 'failed', error: { code: 'refusal', message } });
  }
  if (!structured) return endRun(step, { status: 'completed' });
  step.save();
  step.perform({ type: 'read_output' });
}

/** Enters the tools phase with the calls of a completed response (I4), unless a limit ends the run. */
function beginTools(step: Step, response: Response, calls: readonly CallState[]): void {
  const { policy, iteration, usage } = step.state;
  step.enter({ type: 'tools', responseId: response.id, calls });
  step.save();
  const limit =
    iteration + 1 >= policy.maxIterations
      ? {
          code: 'max_iterations',
          message: `The run has used its ${policy.maxIterations} iterations and the model still calls tools.`,
        }
      : policy.totalTokens !== null && usage.totalTokens >= policy.totalTokens
        ? {
            code: 'token_limit',
            message: `The run has used ${usage.totalTokens} of ${policy.totalTokens} tokens and the model still calls tools.`,
          }
        : undefined;
  if (limit !== undefined) {
    for (const call of calls) settleNotRun(step, call, limit.message);
    return endRun(step, { status: 'incomplete', error: limit, errorKind: 'limit' });
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
