import type { StreamFaults } from '../faults/stream-faults.ts';
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

function frame(event: NumberedEvent, faults: StreamFaults): string {
  let data: JsonObject = faults.rotatingIds ? rotateIds(event) : event;
  if (faults.unsequenced) {
    const { sequence_number: _number, ...rest } = data;
    data = rest;
  }
  if (faults.untyped) {
    const { type: _type, ...rest } = data;
    data = rest;
  }
  const end = faults.crlf ? '\r\n' : '\n';
  const blank = faults.missingLastBlankLine && isTerminalEvent(event) ? '' : end;
  const comment = faults.comments ? `: keep-alive${end}${end}` : '';
  return `${comment}event: ${event.type}${end}data: ${JSON.stringify(data)}${end}${blank}`;
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason));
  });
}

function endsHere(event: NumberedEvent, faults: StreamFaults): boolean {
  if (faults.eofAfterError && event.type === 'error') return true;
  return typeof faults.eofAfter === 'number' && event.sequence_number >= faults.eofAfter;
}

/**
 * The frames of one connection, in batches. Each frame is one string, because some readers lose an event whose blank
 * line is in a later chunk.
 */
export async function* sseFrames(
  batches: AsyncIterable<readonly NumberedEvent[]>,
  faults: StreamFaults,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for await (const batch of batches) {
    const frames: string[] = [];
    for (const event of batch) {
      const number = event.sequence_number;
      if (faults.eofAfter === 'before-terminal' && isTerminalEvent(event)) {
        yield frames;
        return;
      }
      if (!faults.leavesOut(event)) frames.push(frame(event, faults));
      if (faults.dropAfter !== undefined && number >= faults.dropAfter) {
        yield frames;
        throw connectionLost();
      }
      if (endsHere(event, faults)) {
        yield frames;
        return;
      }
      if (faults.stallAfter !== undefined && number >= faults.stallAfter) {
        yield frames;
        await forever(signal);
      }
    }
    yield frames;
  }
  if (faults.doneSentinel) yield ['data: [DONE]\n\n'];
}
