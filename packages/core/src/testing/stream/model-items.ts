import type { OutputItem } from '../../wire/items.ts';
import { objectsOf, textEvents, textOf, type CourseOf, type EventDraft, type Place } from './event-draft.ts';
import { partEvents } from './message-parts.ts';

/** The incomplete encrypted content of an added item. Only the content in `output_item.done` can be sent back. */
function encryptedSoFar(item: OutputItem): { readonly encrypted_content?: string } {
  return 'encrypted_content' in item ? { encrypted_content: 'gAAAAA' } : {};
}

function summaryEvents(item: OutputItem, place: Place, size: number | null): readonly EventDraft[] {
  return objectsOf(item['summary']).flatMap((part, index) => {
    const at = { ...place, summary_index: index };
    return [
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      ...textEvents('reasoning_summary_text', 'text', textOf(part['text']), at, size),
      { type: 'response.reasoning_summary_part.done', ...at, part },
    ];
  });
}

function reasoningText(item: OutputItem, place: Place, size: number | null): readonly EventDraft[] {
  return objectsOf(item['content']).flatMap((part, index) => {
    const at = { ...place, content_index: index };
    return [
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      ...textEvents('reasoning_text', 'text', textOf(part['text']), at, size),
      { type: 'response.content_part.done', ...at, part },
    ];
  });
}

/** Items that the model writes itself. */
export const modelItems: { readonly [type: string]: CourseOf } = {
  message: (item, place, size) => ({
    begun: { ...item, status: 'in_progress', content: [] },
    middle: objectsOf(item['content']).flatMap((part, index) => partEvents(part, index, place, size)),
  }),
  reasoning: (item, place, size) => ({
    begun: {
      ...item,
      summary: [],
      ...('content' in item ? { content: [] } : {}),
      ...encryptedSoFar(item),
    },
    middle: [...summaryEvents(item, place, size), ...reasoningText(item, place, size)],
  }),
  function_call: (item, place, size) => ({
    begun: { ...item, status: 'in_progress', arguments: '' },
    middle: textEvents('function_call_arguments', 'arguments', textOf(item['arguments']), place, size),
  }),
  custom_tool_call: (item, place, size) => ({
    begun: { ...item, status: 'in_progress', input: '' },
    middle: textEvents('custom_tool_call_input', 'input', textOf(item['input']), place, size),
  }),
  // In recordings, programs and their outputs have no events between added and done.
  program: (item) => ({ begun: { ...item, code: '', fingerprint: 'gAAAAA' }, middle: [] }),
  program_output: (item) => ({ begun: { ...item, result: '' }, middle: [] }),
  compaction: (item) => ({ begun: { ...item, ...encryptedSoFar(item) }, middle: [] }),
};
