import { defined } from '../../wire/defined.ts';
import type { OutputItem } from '../../wire/items.ts';
import { agentTexts, messageText } from '../../wire/message-text.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { answeredCallId, callsOf } from '../calls.ts';
import type { RunState, Waiting } from '../run-state.ts';
import { cancelIfOpen, settledCall, shownCall } from './call-view.ts';
import type { StoredItem } from '../stored-item.ts';
import { threadFields } from './thread-fields.ts';
import { emptyView } from './empty-view.ts';
import type {
  ItemView,
  IterationView,
  RunDriver,
  RunHalt,
  RunView,
  SteeredInput,
  ToolCallView,
  WaitingView,
  WarningView,
} from './run-view.ts';

/** A saved state. A store with workers adds why none of them drives the run. */
export type ShownState = RunState & { readonly halted?: RunHalt };

/** The view of a saved run, for a process that has not received its events. */
export function viewOf(state: ShownState, saved: readonly StoredItem[], driver: RunDriver): RunView {
  const { halted, status, phase, policy, iteration, attempts, usage, createdAt, updatedAt } = state;
  const steered: SteeredInput[] = [];
  const items: ItemView[] = [];
  const iterations: IterationView[] = [];
  const warnings: WarningView[] = [];
  const calls = new Map<string, ToolCallView>();
  let input = phase.type === 'starting' ? phase.input : '';
  let output: OutputItem[] = [];

  function change(index: number, callId: string, to: Partial<ToolCallView>): void {
    const key = `${index}/${callId}`;
    const known = calls.get(key);
    if (known !== undefined) calls.set(key, { ...known, ...to });
  }

  for (const item of saved) {
    switch (item.type) {
      case 'input':
        input = item.input;
        break;
      case 'output': {
        const entry = {
          iteration: item.iteration,
          outputIndex: item.outputIndex,
          done: true,
          item: item.item,
        };
        items.push(entry);
        output.push(item.item);
        const call = shownCall(entry);
        const key = `${item.iteration}/${call?.callId}`;
        // A server may send the same call twice. The view shows it once.
        if (call !== undefined && !calls.has(key)) calls.set(key, call);
        const answered = answeredCallId(item.item);
        if (answered !== undefined) calls.delete(`${item.iteration}/${answered}`);
        break;
      }
      case 'call': {
        const { startedAt, endedAt, approvalView, decidedBy, progress } = item;
        const shown = defined({ startedAt, approvalView, decidedBy, progress });
        change(item.iteration, item.callId, { ...settledCall(item), ...shown, endedAt });
        break;
      }
      case 'iteration': {
        const { iteration: index, type: _type, stored: _stored, endedAs: _endedAs, ...ended } = item;
        const toolCallIds = callsOf(output).map((call) => call.callId);
        const texts = { text: messageText(output), ...defined({ agentTexts: agentTexts(output) }) };
        iterations.push({ index, ...texts, toolCallIds, ...ended });
        output = [];
        break;
      }
      case 'warning': {
        const { code, message, at } = item;
        warnings.push({ code, message, at });
        break;
      }
      case 'steer': {
        const { steerId, input: added, at } = item;
        steered.push({ steerId, input: added, at });
        break;
      }
      case 'steer_sent': {
        const { iteration: sentIn, steerIds } = item;
        for (const [index, one] of steered.entries())
          if (steerIds.includes(one.steerId)) steered[index] = { ...one, sentIn };
        break;
      }
      // Only events show requests, and no view has the conversation before the run.
      case 'request':
      case 'history':
    }
  }
  const current = attempts.at(-1);
  if (current !== undefined && iterations.every(({ index }) => index !== iteration)) {
    const { responseId, status: now } = current;
    const startedAt = state.iterationStartedAt;
    iterations.push({
      index: iteration,
      responseId,
      status: now,
      // A response that is being stopped has output.
      text: messageText(output),
      ...defined({ agentTexts: agentTexts(output) }),
      toolCallIds: callsOf(output).map((call) => call.callId),
      startedAt,
      attempts,
    });
  }
  if (phase.type === 'tools') {
    for (const call of phase.calls) {
      const {
        callId,
        status: now,
        startedAt,
        arguments: args,
        approvalView,
        decidedBy,
        lease,
        progress,
      } = call;
      const leasedUntil = lease && lease.expiresAt + state.clock.skewMs;
      change(iteration, callId, {
        status: now,
        ...defined({ startedAt, arguments: args, approvalView, decidedBy, leasedUntil, progress }),
      });
    }
  }
  const { text = '', agentTexts: others = {} } = iterations.at(-1) ?? {};
  return {
    ...emptyView,
    ...threadFields(state),
    status,
    input,
    steered,
    text,
    agentTexts: others,
    iteration,
    items,
    iterations,
    toolCalls: phase.type === 'done' ? [...calls.values()].map(cancelIfOpen) : [...calls.values()],
    waiting: phase.type === 'waiting' ? waitingView(state, phase) : null,
    driver,
    usage,
    warnings,
    ...defined({
      halted,
      output: status === 'completed' && policy.structured ? parseJson(text) : undefined,
      error: phase.type === 'done' ? phase.outcome.error : undefined,
    }),
    createdAt,
    updatedAt,
  };
}

/** The pending response for views and events. */
export function waitingView(state: RunState, phase: Waiting): WaitingView {
  const { pending, mode, nextAt, lastPolledAt, cursor, error } = phase;
  // Converts the time line to wall time.
  const { skewMs } = state.clock;
  const wall = (time: number | null): number | undefined => (time === null ? undefined : time + skewMs);
  return {
    mode,
    responseId: pending.responseId,
    responseStatus: pending.status,
    attempt: Math.max(0, state.attempts.length - 1),
    startedAt: pending.since + skewMs,
    ...defined({
      lastPolledAt: wall(lastPolledAt),
      nextPollAt: wall(nextAt),
      lastSequenceNumber: cursor ?? undefined,
      error: error ?? undefined,
    }),
  };
}
