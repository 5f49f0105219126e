import { noUsage } from '../../wire/usage.ts';
import type { JsonValue } from '../../wire/json.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { callsOf } from '../calls-of.ts';
import { growItem } from './grow-item.ts';
import type { RunEvent } from './run-event.ts';
import type { AttemptView, ItemView, IterationView, RunView, ToolCallView } from './run-view.ts';

/** A run of which nothing is known yet: what the first event is applied to. */
export const emptyView: RunView = Object.freeze({
  runId: '',
  agent: '',
  status: 'queued',
  input: '',
  text: '',
  iteration: 0,
  items: [],
  iterations: [],
  toolCalls: [],
  waiting: null,
  driver: 'none',
  usage: noUsage,
  warnings: [],
  createdAt: 0,
  updatedAt: 0,
});

/**
 * A view with one more event: the whole of what a view is made by. Applying a run's events to {@link emptyView}, in
 * their order, gives the run's view, here or on the other side of a wire.
 *
 * @returns the same object where the event changes nothing
 */
export function applyEvent(view: RunView, event: RunEvent): RunView {
  if (event.type === 'view') return event.view;
  const next = apply(view, event);
  return next === view ? view : { ...next, updatedAt: event.at };
}

function apply(view: RunView, event: Exclude<RunEvent, { type: 'view' }>): RunView {
  switch (event.type) {
    case 'run.started': {
      const { runId, agent, input, status, createdAt } = event;
      return { ...emptyView, runId, agent, input, status, createdAt, driver: 'here' };
    }
    case 'run.resumed':
      return { ...view, driver: 'here' };
    case 'run.status':
      return { ...view, status: event.status };
    case 'run.driver':
      return { ...view, driver: event.driver };
    case 'run.cancelling':
      return { ...view, status: 'cancelling' };
    case 'leg.started':
      return legStarted(view, event);
    case 'attempt.failed':
      return inLeg(view, event.iteration, (leg) => ({
        ...leg,
        attempts: setLast(leg.attempts, { error: event.error }),
      }));
    case 'response.status': {
      const { responseId, status, waiting } = event;
      const known = inLeg({ ...view, waiting }, event.iteration, (leg) => ({ ...leg, responseId, status }));
      return attempt(known, event.iteration, {
        responseId,
        status,
        ...(waiting === null ? {} : { mode: waiting.mode }),
      });
    }
    case 'poll': {
      const { polls, waiting, iteration } = event;
      const { error } = waiting;
      return attempt({ ...view, waiting }, iteration, {
        polls,
        mode: waiting.mode,
        ...(error === undefined ? {} : { error }),
      });
    }
    case 'stream.connected':
      return attempt({ ...view, waiting: event.waiting }, event.iteration, {
        reconnects: event.reconnects,
        mode: 'stream',
      });
    case 'stream.dropped':
      return attempt({ ...view, waiting: event.waiting }, event.iteration, { mode: event.waiting.mode });
    case 'text.delta':
      return { ...view, text: view.text + event.delta, items: growItem(view.items, event) };
    case 'item.delta':
    case 'item.progress':
      return { ...view, items: growItem(view.items, event) };
    case 'item.added':
    case 'item.done':
      return withItem(view, event.iteration, event.outputIndex, event.item, event.type === 'item.done');
    case 'tool.started':
      return inCall(view, event, () => ({
        status: 'running',
        arguments: event.arguments,
        startedAt: event.at,
      }));
    case 'tool.progress':
      return inCall(view, event, () => ({ progress: event.progress }));
    case 'tool.settled':
      return inCall(view, event, (call) => settled(call, event));
    case 'decision.needed': {
      const status = event.kind === 'approval' ? 'awaiting_approval' : 'awaiting_output';
      return inCall(view, event, () => ({ status, arguments: event.arguments }));
    }
    case 'decision.made':
      return event.decision === 'approve' ? inCall(view, event, () => ({ status: 'pending' })) : view;
    case 'leg.completed':
      return legCompleted(view, event);
    case 'warning': {
      const { code, message, at } = event;
      return { ...view, warnings: [...view.warnings, { code, message, at }] };
    }
    case 'run.ended': {
      const { status, output, error, usage } = event;
      const ended: RunView = {
        ...view,
        status,
        usage,
        waiting: null,
        driver: 'none',
        ...(error === undefined ? {} : { error }),
      };
      return output === undefined ? ended : { ...ended, output };
    }
  }
}

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** A leg begins; or begins anew, and what its failed attempt showed is gone. */
function legStarted(view: RunView, event: EventOf<'leg.started'>): RunView {
  const { iteration, strategy, mode, at } = event;
  const found = view.iterations.find((leg) => leg.index === iteration);
  const attempts = (found?.attempts ?? []).slice(0, event.attempt);
  const leg: IterationView = {
    index: iteration,
    responseId: null,
    status: 'creating',
    text: '',
    toolCallIds: [],
    startedAt: found?.startedAt ?? at,
    attempts: [
      ...attempts,
      { responseId: null, strategy, status: 'creating', mode, polls: 0, reconnects: 0 },
    ],
  };
  return {
    ...view,
    iteration,
    text: '',
    waiting: null,
    items: view.items.filter((item) => item.iteration !== iteration),
    toolCalls: view.toolCalls.filter((call) => call.iteration !== iteration),
    iterations: [...view.iterations.filter((one) => one.index !== iteration), leg],
  };
}

function legCompleted(view: RunView, event: EventOf<'leg.completed'>): RunView {
  const { iteration, responseId, status, toolCallIds, usage, totalUsage, attempts, at } = event;
  const text = event.text ?? view.text;
  const done = { ...view, text, waiting: null, usage: totalUsage };
  return inLeg(done, iteration, (leg) => ({
    ...leg,
    responseId,
    status,
    text,
    toolCallIds,
    endedAt: at,
    usage,
    attempts,
  }));
}

function inLeg(view: RunView, iteration: number, change: (leg: IterationView) => IterationView): RunView {
  return { ...view, iterations: view.iterations.map((leg) => (leg.index === iteration ? change(leg) : leg)) };
}

function setLast(attempts: readonly AttemptView[], change: Partial<AttemptView>): readonly AttemptView[] {
  return attempts.map((one, index) => (index === attempts.length - 1 ? { ...one, ...change } : one));
}

function attempt(view: RunView, iteration: number, change: Partial<AttemptView>): RunView {
  return inLeg(view, iteration, (leg) => ({ ...leg, attempts: setLast(leg.attempts, change) }));
}

function inCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: (call: ToolCallView) => Partial<ToolCallView>,
): RunView {
  const { iteration, callId } = event;
  return {
    ...view,
    toolCalls: view.toolCalls.map((call) =>
      call.callId === callId && call.iteration === iteration ? { ...call, ...change(call) } : call,
    ),
  };
}

function settled(call: ToolCallView, event: EventOf<'tool.settled'>): Partial<ToolCallView> {
  const { status, output, error, at } = event;
  return {
    status,
    arguments: event.arguments ?? call.arguments,
    endedAt: at,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What the model wrote as a call's arguments, as JSON where it is. */
export function readArguments(item: ItemView['item']): { raw: string; value: JsonValue | undefined } {
  const text = item.type === 'custom_tool_call' ? item['input'] : item['arguments'];
  const raw = typeof text === 'string' ? text : '';
  return { raw, value: item.type === 'custom_tool_call' ? raw : parseJson(raw) };
}

function withItem(
  view: RunView,
  iteration: number,
  outputIndex: number,
  item: ItemView['item'],
  done: boolean,
): RunView {
  const entry: ItemView = { iteration, outputIndex, done, item };
  const at = view.items.findIndex((one) => one.iteration === iteration && one.outputIndex === outputIndex);
  const items = at < 0 ? [...view.items, entry] : view.items.with(at, entry);
  const [call] = callsOf([item]);
  if (call === undefined) return { ...view, items };
  const { callId, name, status } = call;
  const { raw, value } = readArguments(item);
  const known = view.toolCalls.find((one) => one.callId === callId && one.iteration === iteration);
  const shown: ToolCallView = {
    status,
    ...known,
    callId,
    name,
    iteration,
    rawArguments: raw,
    arguments: done ? value : undefined,
  };
  const toolCalls =
    known === undefined
      ? [...view.toolCalls, shown]
      : view.toolCalls.map((one) => (one === known ? shown : one));
  return { ...view, items, toolCalls };
}
