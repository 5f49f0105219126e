import type { OutputItem } from '../../wire/items.ts';
import type { Course, EventDraft, Place } from './event-draft.ts';
import { hostedItems } from './hosted-items.ts';
import { modelItems } from './model-items.ts';

/** Items that are streamed whole: items sent by clients and items without parts. */
const streamedWhole: readonly string[] = [
  'additional_tools',
  'agent_message',
  'apply_patch_call_output',
  'computer_call_output',
  'custom_tool_call_output',
  'function_call_output',
  'local_shell_call_output',
  'mcp_approval_request',
  'mcp_approval_response',
  'multi_agent_call',
  'multi_agent_call_output',
  'tool_search_output',
];

/** All item types of the API's responses. The emulator streams items of other types whole. */
export const outputItemTypes: readonly string[] = [
  ...Object.keys(modelItems),
  ...Object.keys(hostedItems),
  ...streamedWhole,
];

function courseOf(item: OutputItem, place: Place, size: number | null): Course {
  const course = modelItems[item.type] ?? hostedItems[item.type];
  if (course !== undefined) return course(item, place, size);
  return { begun: 'status' in item ? { ...item, status: 'in_progress' } : item, middle: [] };
}

/** Adds the item's agent to its events, as in multi-agent runs (beta). */
function ofAgent(item: OutputItem, events: readonly EventDraft[]): readonly EventDraft[] {
  const { agent } = item;
  return agent === undefined ? events : events.map((event) => ({ ...event, agent }));
}

export interface ItemStream {
  readonly outputIndex: number;
  /** The number of characters per delta; null means about a word. */
  readonly deltaSize: number | null;
  /** Whether the input has a `compaction_trigger`. If so, the compaction has an event `compacting`. */
  readonly compacting: boolean;
}

/** The events of an output item, from `output_item.added` to `output_item.done`. */
export function itemEvents(item: OutputItem, stream: ItemStream): readonly EventDraft[] {
  const { outputIndex, deltaSize, compacting } = stream;
  const place = { item_id: item.id ?? '', output_index: outputIndex };
  const { begun, middle } = courseOf(item, place, deltaSize);
  const announced = compacting && item.type === 'compaction';
  return ofAgent(item, [
    { type: 'response.output_item.added', output_index: outputIndex, item: begun },
    ...(announced ? [{ type: 'response.compaction.compacting', ...place }] : []),
    ...middle,
    { type: 'response.output_item.done', output_index: outputIndex, item },
  ]);
}
