import type { StreamTrouble } from '../faults/stream-trouble.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { NumberedEvent } from './event-log.ts';
import { isTerminalEvent } from './event-draft.ts';

/** The error that `fetch` reports to the reader of a body whose connection breaks. */
export function connectionLost(): TypeError {
  return new TypeError('terminated', { cause: new Error('other side closed') });
}

function rotated(value: JsonValue | undefined, salt: number): JsonValue | undefined {
  return typeof value === 'string' ? `${value}${salt.toString(16)}` : value;
}

/** Changes the item ids of an event, differently for each event. */
function rotateIds(event: NumberedEvent): JsonObject {
  const item = event['item'];
  return {
    ...event,
    ...('item_id' in event ? { item_id: rotated(event['item_id'], event.sequence_number) } : {}),
    ...(isJsonObject(item) ? { item: { ...item, id: rotated(item['id'], event.sequence_number) } } : {}),
  };
}

function frame(event: NumberedEvent, trouble: StreamTrouble): string {
  let data: JsonObject = trouble.rotatingIds ? rotateIds(event) : event;
  if (trouble.unsequenced) {
    const { sequence_number: _number, ...rest } = data;
    data = rest;
  }
  if (trouble.untyped) {
    const { type: _type, ...rest } = data;
    data = rest;
  }
  const end = trouble.crlf ? '\r\n' : '\n';
  const blank = trouble.missingLastBlankLine && isTerminalEvent(event) ? '' : end;
  const comment = trouble.comments ? `: keep-alive${end}${end}` : '';
  return `${comment}event: ${event.type}${end}data: ${JSON.stringify(data)}${end}${blank}`;
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason));
  });
}

function endsHere(event: NumberedEvent, trouble: StreamTrouble): boolean {
  if (trouble.eofAfterError && event.type === 'error') return true;
  return typeof trouble.eofAfter === 'number' && event.sequence_number >= trouble.eofAfter;
}

/**
 * The frames of one connection, in batches. Each frame is one string, because some readers lose an event whose blank
 * line is in a later chunk.
 */
export async function* sseFrames(
  batches: AsyncIterable<readonly NumberedEvent[]>,
  trouble: StreamTrouble,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for await (const batch of batches) {
    const frames: string[] = [];
    for (const event of batch) {
      const number = event.sequence_number;
      if (trouble.eofAfter === 'before-terminal' && isTerminalEvent(event)) {
        yield frames;
        return;
      }
      if (!trouble.leavesOut(event)) frames.push(frame(event, trouble));
      if (trouble.dropAfter !== undefined && number >= trouble.dropAfter) {
        yield frames;
        throw connectionLost();
      }
      if (endsHere(event, trouble)) {
        yield frames;
        return;
      }
      if (trouble.stallAfter !== undefined && number >= trouble.stallAfter) {
        yield frames;
        await forever(signal);
      }
    }
    yield frames;
  }
  if (trouble.doneSentinel) yield ['data: [DONE]\n\n'];
}
