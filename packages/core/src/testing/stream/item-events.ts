import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { deltaChunks } from './delta-chunks.ts';

/** An event before it has a number. */
export interface EventDraft extends JsonObject {
  readonly type: string;
}

/** The event whose arrival means that the response is over. */
export function isTerminalEvent(event: EventDraft): boolean {
  return /^response\.(completed|failed|incomplete|cancelled|done)$/.test(event.type);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

interface Place extends JsonObject {
  readonly item_id: string;
  readonly output_index: number;
}

function partEvents(
  part: JsonObject,
  contentIndex: number,
  place: Place,
  size: number | null,
): readonly EventDraft[] {
  const at = { ...place, content_index: contentIndex };
  const added = { type: 'response.content_part.added', ...at };
  const done = { type: 'response.content_part.done', ...at, part };
  if (part['type'] === 'refusal') {
    const refusal = text(part['refusal']);
    return [
      { ...added, part: { ...part, refusal: '' } },
      ...deltaChunks(refusal, size).map((delta) => ({ type: 'response.refusal.delta', ...at, delta })),
      { type: 'response.refusal.done', ...at, refusal },
      done,
    ];
  }
  if (part['type'] !== 'output_text') return [{ ...added, part }, done];
  const written = text(part['text']);
  return [
    { ...added, part: { ...part, annotations: [], text: '' } },
    ...deltaChunks(written, size).map((delta) => ({
      type: 'response.output_text.delta',
      ...at,
      delta,
      logprobs: [],
    })),
    ...objects(part['annotations']).map((annotation, index) => ({
      type: 'response.output_text.annotation.added',
      ...at,
      annotation_index: index,
      annotation,
    })),
    { type: 'response.output_text.done', ...at, text: written, logprobs: [] },
    done,
  ];
}

function summaryEvents(item: OutputItem, place: Place, size: number | null): readonly EventDraft[] {
  return objects(item['summary']).flatMap((part, index) => {
    const at = { ...place, summary_index: index };
    const written = text(part['text']);
    return [
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      ...deltaChunks(written, size).map((delta) => ({
        type: 'response.reasoning_summary_text.delta',
        ...at,
        delta,
      })),
      { type: 'response.reasoning_summary_text.done', ...at, text: written },
      { type: 'response.reasoning_summary_part.done', ...at, part },
    ];
  });
}

/** Deltas of one field, then the whole: calls' arguments, a custom tool's input. */
function fieldEvents(
  event: string,
  field: string,
  item: OutputItem,
  place: Place,
  size: number | null,
): readonly EventDraft[] {
  const written = text(item[field]);
  return [
    ...deltaChunks(written, size).map((delta) => ({ type: `response.${event}.delta`, ...place, delta })),
    { type: `response.${event}.done`, ...place, [field]: written },
  ];
}

/** The stages that hosted tools go through between being added and done. */
const stages: { readonly [type: string]: readonly string[] } = {
  web_search_call: ['in_progress', 'searching', 'completed'],
  file_search_call: ['in_progress', 'searching', 'completed'],
  code_interpreter_call: ['in_progress', 'interpreting', 'completed'],
  image_generation_call: ['in_progress', 'generating', 'completed'],
  mcp_list_tools: ['in_progress', 'completed'],
};

function stageEvents(type: string, names: readonly string[], place: Place): readonly EventDraft[] {
  return names.map((name) => ({ type: `response.${type}.${name}`, ...place }));
}

interface Course {
  /** The item as it is when it appears. */
  readonly begun: JsonObject;
  readonly middle: readonly EventDraft[];
}

function course(item: OutputItem, place: Place, size: number | null): Course {
  const running = { ...item, status: 'in_progress' };
  switch (item.type) {
    case 'message':
      return {
        begun: { ...running, content: [] },
        middle: objects(item['content']).flatMap((part, index) => partEvents(part, index, place, size)),
      };
    case 'reasoning':
      return {
        // What is encrypted so far is of no use: only the one in `output_item.done` can be sent back.
        begun: {
          ...item,
          summary: [],
          ...('encrypted_content' in item ? { encrypted_content: 'gAAAAA' } : {}),
        },
        middle: summaryEvents(item, place, size),
      };
    case 'function_call':
      return {
        begun: { ...running, arguments: '' },
        middle: fieldEvents('function_call_arguments', 'arguments', item, place, size),
      };
    case 'custom_tool_call':
      return {
        begun: { ...running, input: '' },
        middle: fieldEvents('custom_tool_call_input', 'input', item, place, size),
      };
    case 'mcp_call':
      return {
        begun: { ...item, arguments: '', output: null },
        middle: [
          { type: 'response.mcp_call.in_progress', ...place },
          ...fieldEvents('mcp_call_arguments', 'arguments', item, place, size),
          {
            type: `response.mcp_call.${(item['error'] ?? null) === null ? 'completed' : 'failed'}`,
            ...place,
          },
        ],
      };
    default: {
      const names = stages[item.type];
      const hasStatus = 'status' in item;
      return {
        begun: hasStatus ? running : item,
        middle: names === undefined ? [] : stageEvents(item.type, names, place),
      };
    }
  }
}

/** The events that an output item is streamed in, from `output_item.added` to `output_item.done`. */
export function itemEvents(
  item: OutputItem,
  outputIndex: number,
  size: number | null,
): readonly EventDraft[] {
  const { begun, middle } = course(item, { item_id: item.id ?? '', output_index: outputIndex }, size);
  return [
    { type: 'response.output_item.added', output_index: outputIndex, item: begun },
    ...middle,
    { type: 'response.output_item.done', output_index: outputIndex, item },
  ];
}
