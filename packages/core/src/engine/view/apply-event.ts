import { defined } from '../../wire/defined.ts';
import { growItem, withItem, withoutUnfinished } from './item-view.ts';
import { withAside } from './aside-text.ts';
import { cancelIfOpen, changeCall, updateCall } from './call-view.ts';
import {
  updateIteration,
  iterationCompleted,
  iterationStarted,
  streamRestarted,
  waitingFor,
  withoutIteration,
} from './iteration-view.ts';
import { emptyView } from './empty-view.ts';
import type { RunEvent } from './run-event.ts';
import type { RunView } from './run-view.ts';
import { withSent, withSteered } from './steered-view.ts';
import { copiedLists, sharedLists, type ViewLists } from './view-lists.ts';

/**
 * Applies an event to a view. If all events of a run are applied in order, starting with {@link emptyView}, the result
 * is the run's view, in this process or another.
 *
 * @returns the new view; it may be the same object if the event changes nothing
 */
export function applyEvent(view: RunView, event: RunEvent): RunView {
  return applyOne(view, event, copiedLists);
}

/**
 * Applies several events that are shown together. The result is the same as that of `applyEvent` for each event, at a
 * lower cost.
 */
export function applyEvents(view: RunView, events: readonly RunEvent[]): RunView {
  const lists = events.length > 1 ? sharedLists() : copiedLists;
  return events.reduce((shown, event) => applyOne(shown, event, lists), view);
}

function applyOne(view: RunView, event: RunEvent, lists: ViewLists): RunView {
  if (event.type === 'view') return event.view;
  // A server of a newer version may send events that this version does not know (I10).
  const next: RunView | undefined = apply(view, event, lists);
  return next === undefined || next === view ? view : { ...next, updatedAt: event.at };
}

function apply(view: RunView, event: Exclude<RunEvent, { type: 'view' }>, lists: ViewLists): RunView {
  switch (event.type) {
    case 'run.started': {
      const { runId, agent, input, status, createdAt, threadId, metadata } = event;
      const { owner, continues, title, untrusted } = event;
      const optional = defined({ owner, continues, title, untrusted });
      const { steered } = view;
      return {
        ...emptyView,
        ...{ runId, agent, threadId, metadata, ...optional, status, input, steered, createdAt },
        driver: 'here',
      };
    }
    case 'run.owner':
      return { ...view, owner: event.owner };
    case 'input.steered':
      return withSteered(view, event);
    case 'input.sent':
      return withSent(view, event);
    case 'run.resumed': {
      const { halted: _, ...driven } = view;
      return { ...driven, driver: 'here' };
    }
    case 'run.status':
      return { ...view, status: event.status };
    case 'run.driver':
      return { ...view, driver: event.driver };
    case 'run.cancelling':
      return { ...view, status: 'cancelling' };
    case 'iteration.started':
      return iterationStarted(view, event);
    case 'attempt.failed': {
      const { iteration, attempts, totalUsage } = event;
      return updateIteration({ ...view, ...defined({ usage: totalUsage }) }, iteration, (shown) => ({
        ...shown,
        attempts,
      }));
    }
    case 'stream.connected':
      return waitingFor(streamRestarted(view, event), event);
    case 'response.status':
    case 'poll':
    case 'stream.dropped':
      return waitingFor(view, event);
    case 'text.delta':
      return { ...view, text: view.text + event.delta, items: growItem(view.items, event, lists) };
    case 'item.delta': {
      const grown = { ...view, items: growItem(view.items, event, lists) };
      return event.field === 'text' ? withAside(grown, event, lists) : grown;
    }
    case 'item.progress':
    case 'item.image':
      return { ...view, items: growItem(view.items, event, lists) };
    case 'item.added':
    case 'item.done': {
      const { iteration, outputIndex, item, type, call } = event;
      const entry = { iteration, outputIndex, done: type === 'item.done', item, ...defined({ call }) };
      return withItem(view, entry, lists);
    }
    case 'items.replaced': {
      const { iteration, items } = event;
      return items.reduce(
        (next, item, outputIndex) => withItem(next, { iteration, outputIndex, done: true, item }, lists),
        withoutIteration(view, iteration),
      );
    }
    case 'tool.started':
      return updateCall(
        view,
        event,
        { status: 'running', ...defined({ arguments: event.arguments }), startedAt: event.at },
        lists,
      );
    case 'tool.progress':
      return changeCall(view, event, (call) => ({ ...call, progress: event.progress }), lists);
    case 'tool.settled': {
      const { status, output, error, arguments: args, at } = event;
      return updateCall(
        view,
        event,
        { status, ...defined({ output, error, arguments: args }), endedAt: at },
        lists,
      );
    }
    case 'decision.needed': {
      const status = event.kind === 'approval' ? 'awaiting_approval' : 'awaiting_output';
      const { arguments: args, approvalView } = event;
      return updateCall(view, event, { status, ...defined({ arguments: args, approvalView }) }, lists);
    }
    case 'decision.made': {
      const { by: decidedBy, decision } = event;
      const status = decision === 'approve' ? ('pending' as const) : undefined;
      return updateCall(view, event, defined({ status, decidedBy }), lists);
    }
    case 'tool.leased':
      return changeCall(view, event, (call) => ({ ...call, leasedUntil: event.leasedUntil }), lists);
    case 'iteration.completed':
      return iterationCompleted(view, event);
    case 'warning': {
      const { code, message, at } = event;
      return { ...view, warnings: [...view.warnings, { code, message, at }] };
    }
    case 'run.ended': {
      const { status, output, error, usage } = event;
      const { items, toolCalls } = withoutUnfinished(view);
      return {
        ...view,
        status,
        usage,
        waiting: null,
        driver: 'none',
        items,
        toolCalls: toolCalls.map(cancelIfOpen),
        ...defined({ output, error }),
      };
    }
  }
}
