import type { OutputItem } from '../../wire/items.ts';
import type { Course, EventDraft, Place } from './event-draft.ts';
import { hostedItems } from './hosted-items.ts';
import { modelItems } from './model-items.ts';

/** Items that come whole: what clients sent, and what has no parts to come one after the other. */
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

/** Every type of item that a response of the API may hold; the emulator streams others as they are. */
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

/** Events of items of several agents say whose they are (multi-agent runs, beta). */
function ofAgent(item: OutputItem, events: readonly EventDraft[]): readonly EventDraft[] {
  const { agent } = item;
  return agent === undefined ? events : events.map((event) => ({ ...event, agent }));
}

export interface ItemStream {
  readonly outputIndex: number;
  /** Characters per delta; null: about a word. */
  readonly deltaSize: number | null;
  /** The create asked for a compaction with a `compaction_trigger`: only then it is announced. */
  readonly compacting: boolean;
}

/** The events that an output item is streamed in, from `output_item.added` to `output_item.done`. */
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
