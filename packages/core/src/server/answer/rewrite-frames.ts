import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { encodeFrame, type Frame } from './event-frames.ts';
import { rewriteEvent } from './rewrite-event.ts';
import type { Rewriting } from './rewrite-response.ts';

/** Sees each event as the API sent it, before the client can: what it throws or awaits holds the stream. */
export type EventObserver = (event: JsonObject, rewritten: Frame) => void | Promise<void>;

function parseEvent(data: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Rewrites frames one by one. What is neither an event of the API's nor the `[DONE]` of some servers is dropped. */
export function rewriteFrames(
  rewriting: Rewriting,
  observe: EventObserver,
): TransformStream<Frame, Uint8Array> {
  return new TransformStream<Frame, Uint8Array>({
    async transform(frame, controller) {
      if ('comment' in frame) return controller.enqueue(encodeFrame({ comment: '' }));
      const event = parseEvent(frame.data);
      if (event === undefined) {
        if (frame.data === '[DONE]') controller.enqueue(encodeFrame(frame));
        return;
      }
      const rewritten = await rewriteEvent(event, rewriting);
      // Deltas, nearly all of a stream, go on as they came.
      const sent = rewritten === event ? frame : { ...frame, data: JSON.stringify(rewritten) };
      await observe(event, sent);
      controller.enqueue(encodeFrame(sent));
    },
  });
}
