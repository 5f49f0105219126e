import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { objectsOf, textEvents, textOf, type CourseOf, type EventDraft, type Place } from './event-draft.ts';

function stages(type: string, names: readonly string[], place: Place): readonly EventDraft[] {
  return names.map((name) => ({ type: `response.${type}.${name}`, ...place }));
}

/** The item while it runs, without its result fields. */
function running(item: OutputItem, ...results: readonly string[]): JsonObject {
  const fields = Object.entries(item).filter(([name]) => !results.includes(name));
  return { ...Object.fromEntries(fields), ...('status' in item ? { status: 'in_progress' } : {}) };
}

function emptied(item: OutputItem, field: string): JsonObject {
  return Array.isArray(item[field]) ? { [field]: [] } : {};
}

/** In recordings, the only partial image is the final image. */
function partialImage(item: OutputItem, place: Place): readonly EventDraft[] {
  if (typeof item['result'] !== 'string') return [];
  const shown = ['size', 'quality', 'background', 'output_format'].filter((name) => name in item);
  return [
    {
      type: 'response.image_generation_call.partial_image',
      ...place,
      partial_image_index: 0,
      partial_image_b64: item['result'],
      ...Object.fromEntries(shown.map((name) => [name, item[name] ?? null])),
    },
  ];
}

/** The events of the commands of a call. They have no item id. */
function commandEvents(item: OutputItem, { output_index: index }: Place, size: number | null): EventDraft[] {
  const action = isJsonObject(item['action']) ? item['action'] : {};
  const commands = Array.isArray(action['commands']) ? action['commands'].map(textOf) : [];
  return commands.flatMap((command, commandIndex) => {
    const at = { output_index: index, command_index: commandIndex };
    return [
      { type: 'response.shell_call_command.added', ...at, command: '' },
      ...textEvents('shell_call_command', 'command', command, at, size),
    ];
  });
}

function outputEvents(item: OutputItem, place: Place): readonly EventDraft[] {
  return objectsOf(item['output']).flatMap((chunk, index) => {
    const at = { ...place, command_index: index };
    const said = ['stdout', 'stderr'].filter((name) => textOf(chunk[name]) !== '');
    return [
      ...said.map((name) => ({
        type: 'response.shell_call_output_content.delta',
        ...at,
        delta: { [name]: textOf(chunk[name]) },
      })),
      { type: 'response.shell_call_output_content.done', ...at, output: [chunk] },
    ];
  });
}

function mcpCallEvents(item: OutputItem, place: Place): readonly EventDraft[] {
  const begins = stages(item.type, ['in_progress'], place);
  // The arguments are sent as one delta.
  const written = textEvents('mcp_call_arguments', 'arguments', textOf(item['arguments']), place, Infinity);
  return [
    ...begins,
    ...written.slice(0, -1),
    // An approved call emits `in_progress` again here.
    ...((item['approval_request_id'] ?? null) === null ? [] : begins),
    ...written.slice(-1),
    ...stages(item.type, [(item['error'] ?? null) === null ? 'completed' : 'failed'], place),
  ];
}

function patched(item: OutputItem, place: Place, size: number | null): ReturnType<CourseOf> {
  const operation = isJsonObject(item['operation']) ? item['operation'] : {};
  if (typeof operation['diff'] !== 'string') return { begun: running(item), middle: [] };
  return {
    begun: { ...running(item), operation: { ...operation, diff: '' } },
    middle: textEvents('apply_patch_call_operation_diff', 'diff', operation['diff'], place, size),
  };
}

/** Items of the API's built-in tools, hosted or run by the client. As in recordings, the added item has no result. */
export const hostedItems: { readonly [type: string]: CourseOf } = {
  web_search_call: (item, place) => ({
    begun: running(item, 'action', 'results'),
    middle: stages(item.type, ['in_progress', 'searching', 'completed'], place),
  }),
  file_search_call: (item, place) => ({
    begun: { ...running(item), queries: [], results: null },
    middle: stages(item.type, ['in_progress', 'searching', 'completed'], place),
  }),
  code_interpreter_call: (item, place, size) => ({
    begun: { ...running(item), code: '', ...emptied(item, 'outputs') },
    middle: [
      ...stages(item.type, ['in_progress'], place),
      ...textEvents('code_interpreter_call_code', 'code', textOf(item['code']), place, size),
      ...stages(item.type, ['interpreting', 'completed'], place),
    ],
  }),
  image_generation_call: (item, place) => ({
    begun: { id: place.item_id, type: item.type, status: 'in_progress' },
    middle: [
      ...stages(item.type, ['in_progress', 'generating'], place),
      ...partialImage(item, place),
      ...stages(item.type, ['completed'], place),
    ],
  }),
  mcp_list_tools: (item, place) => ({
    begun: { ...running(item, 'error'), tools: [] },
    middle: stages(
      item.type,
      ['in_progress', (item['error'] ?? null) === null ? 'completed' : 'failed'],
      place,
    ),
  }),
  mcp_call: (item, place) => ({
    begun: { ...running(item), arguments: '', output: null, ...('error' in item ? { error: null } : {}) },
    middle: mcpCallEvents(item, place),
  }),
  shell_call: (item, place, size) => ({
    begun: { ...running(item), action: { commands: [], max_output_length: null, timeout_ms: null } },
    middle: commandEvents(item, place, size),
  }),
  shell_call_output: (item, place) => ({
    begun: { ...item, output: [] },
    middle: outputEvents(item, place),
  }),
  local_shell_call: (item) => ({
    begun: { ...running(item), action: { type: 'exec', command: [], env: {} } },
    middle: [],
  }),
  apply_patch_call: patched,
  tool_search_call: (item) => ({ begun: { ...running(item), arguments: {} }, middle: [] }),
  computer_call: (item) => ({ begun: running(item, 'action', 'actions'), middle: [] }),
};
