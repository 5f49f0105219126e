import { messageText } from '../../wire/message-text.ts';
import type { CallState, RunState } from '../run-state.ts';
import type { StoredItem, StoredLeg } from '../stored-item.ts';
import { waitingView } from '../waiting-view.ts';
import { callIdOf, callsOf } from '../calls-of.ts';
import { shownOutput } from '../steps/calls.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { emptyView } from './apply-event.ts';
import { leftOpen, readArguments } from './call-view.ts';
import type { ItemView, IterationView, RunDriver, RunView, ToolCallView } from './run-view.ts';

/** A run as it was saved: what a process that did not see its events shows. */
export function viewOf(state: RunState, items: readonly StoredItem[], driver: RunDriver): RunView {
  const { runId, agent, status, phase, iteration, usage, createdAt, updatedAt } = state;
  const first = items.find((item) => item.type === 'input');
  const shown: ItemView[] = [];
  for (const item of items) {
    if (item.type !== 'output') continue;
    shown.push({ iteration: item.iteration, outputIndex: item.outputIndex, done: true, item: item.item });
  }
  const iterations = legsOf(state, items, shown);
  const outcome = phase.type === 'done' ? phase.outcome : undefined;
  const structured =
    status === 'completed' && state.policy.structured ? parseJson(iterations.at(-1)?.text) : undefined;
  return {
    ...emptyView,
    runId,
    agent,
    status,
    input: first?.input ?? (phase.type === 'starting' ? phase.input : ''),
    text: iterations.at(-1)?.text ?? '',
    ...(structured === undefined ? {} : { output: structured }),
    iteration,
    items: shown,
    iterations,
    toolCalls: toolCallsOf(state, items, shown),
    waiting: phase.type === 'waiting' ? waitingView(state, phase) : null,
    driver,
    usage,
    warnings: items.flatMap((item) =>
      item.type === 'warning' ? [{ code: item.code, message: item.message, at: item.at }] : [],
    ),
    ...(outcome?.error === undefined ? {} : { error: outcome.error }),
    createdAt,
    updatedAt,
  };
}

function legsOf(
  state: RunState,
  items: readonly StoredItem[],
  shown: readonly ItemView[],
): readonly IterationView[] {
  const legs: IterationView[] = items
    .filter((item): item is StoredLeg => item.type === 'leg')
    .map((leg) => {
      const output = shown.filter((item) => item.iteration === leg.iteration).map((item) => item.item);
      return {
        index: leg.iteration,
        responseId: leg.responseId,
        status: leg.status,
        text: messageText(output),
        toolCallIds: callsOf(output).map((call) => call.callId),
        startedAt: leg.startedAt,
        endedAt: leg.endedAt,
        usage: leg.usage,
        attempts: leg.attempts,
      };
    });
  const { iteration, attempts, legStartedAt } = state;
  const current = attempts.at(-1);
  if (current !== undefined && legs.every((leg) => leg.index !== iteration)) {
    const { responseId, status } = current;
    legs.push({
      index: iteration,
      responseId,
      status,
      text: '',
      toolCallIds: [],
      startedAt: legStartedAt,
      attempts,
    });
  }
  return legs;
}

function toolCallsOf(
  state: RunState,
  items: readonly StoredItem[],
  shown: readonly ItemView[],
): readonly ToolCallView[] {
  const open = state.phase.type === 'tools' ? state.phase.calls : [];
  const settled = new Map<string, Partial<ToolCallView>>();
  for (const call of items) {
    if (call.type !== 'call') continue;
    const { status, error, startedAt, endedAt, output, json } = call;
    settled.set(`${call.iteration}/${call.callId}`, {
      status,
      ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
      ...(error === undefined ? {} : { error }),
      ...(startedAt === undefined ? {} : { startedAt }),
      endedAt,
      ...(status === 'completed' && output !== undefined && 'output' in output
        ? { output: shownOutput(output.output, json === true) }
        : {}),
    });
  }
  const seen = new Set<string>();
  return shown.flatMap(({ item, iteration }) => {
    const [call] = callsOf([item]);
    if (call === undefined) return [];
    const { callId, name, status } = call;
    // A server may name one call twice: it is answered once, and shown once.
    if (seen.size === seen.add(`${iteration}/${callId}`).size) return [];
    const { raw, value } = readArguments(item);
    const now = iteration === state.iteration ? open.find((one) => one.callId === callIdOf(item)) : undefined;
    const entry: ToolCallView = { callId, name, iteration, rawArguments: raw, arguments: value, status };
    const settledAs = settled.get(`${iteration}/${callId}`);
    if (settledAs === undefined && state.phase.type === 'done') return [leftOpen(entry)];
    return [{ ...entry, ...openCall(now), ...settledAs }];
  });
}

function openCall(call: CallState | undefined): Partial<ToolCallView> {
  if (call === undefined) return {};
  const { status, startedAt } = call;
  return {
    status,
    ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}
