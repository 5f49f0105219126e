import type { RunEvent } from '../../../engine/view/run-event.ts';
import type { ItemView, RunView } from '../../../engine/view/run-view.ts';
import { fieldsOfItem } from './item-fields.ts';
import { redactItem } from './redact-item.ts';
import type { Scope } from './remember.ts';
import { emptyEvent, viewEvent } from './replacement-events.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** The field of the item that each kind of delta extends. */
const grownFields = {
  text: 'content',
  reasoning: 'content',
  refusal: 'content',
  summary: 'summary',
  arguments: 'arguments',
  input: 'input',
  code: 'code',
} as const;

/** The item that a delta extends. Undefined if it is not known, or is done. */
function openItem(
  { items }: RunView,
  { iteration, outputIndex }: EventOf<'text.delta' | 'item.delta'>,
): ItemView | undefined {
  const entry = items.findLast((one) => one.iteration === iteration && one.outputIndex === outputIndex);
  return entry?.done === false ? entry : undefined;
}

/** A delta of a shown field, unchanged. The texts of the view grow with each delta of a text, wherever it belongs. */
export function redactDelta(
  event: EventOf<'text.delta' | 'item.delta'>,
  view: RunView,
  { redaction }: Scope,
): RunEvent {
  const entry = openItem(view, event);
  const field = event.type === 'text.delta' ? 'text' : event.field;
  if (entry === undefined) return event.type === 'text.delta' ? event : emptyEvent(event, view);
  if (fieldsOfItem(entry.item, redaction).includes(grownFields[field])) return event;
  return field === 'text' ? viewEvent(event, view, redaction) : emptyEvent(event, view);
}

export function redactItemEvent(event: EventOf<'item.added' | 'item.done'>, scope: Scope): RunEvent {
  const shown = redactItem(event.item, scope);
  return shown.item === event.item ? event : { ...event, ...shown };
}

export function redactReplacedItems(event: EventOf<'items.replaced'>, view: RunView, scope: Scope): RunEvent {
  const shown = event.items.map((item) => redactItem(item, scope));
  // This event has no field for the call of a hidden item.
  if (shown.some(({ call }) => call !== undefined)) return viewEvent(event, view, scope.redaction);
  return { ...event, items: shown.map(({ item }) => item) };
}
