import { createParser } from 'eventsource-parser';

/** One event of a stream, or a comment, which only keeps the connection alive. */
export type Frame =
  | { readonly event: string | undefined; readonly data: string; readonly id: string | undefined }
  | { readonly comment: string };

/** More than any event of the API; a stream without line ends would otherwise fill the memory. */
const longestEvent = 64 * 2 ** 20;

/** Cuts a stream of bytes into frames, each as soon as its blank line is there. */
export function eventFrames(): TransformStream<Uint8Array, Frame> {
  const decoder = new TextDecoder();
  let complete: Frame[] = [];
  const parser = createParser({
    onEvent: ({ event, data, id }) => complete.push({ event, data, id }),
    onComment: (comment) => complete.push({ comment }),
    maxBufferSize: longestEvent,
  });
  const feed = (text: string, controller: TransformStreamDefaultController<Frame>): void => {
    parser.feed(text);
    for (const frame of complete) controller.enqueue(frame);
    complete = [];
  };
  return new TransformStream({
    transform: (chunk, controller) => feed(decoder.decode(chunk, { stream: true }), controller),
    // Some servers leave out the blank line of the last event.
    flush: (controller) => feed(`${decoder.decode()}\n\n`, controller),
  });
}

/** A frame as bytes, in one piece: some readers lose an event whose blank line comes in a chunk of its own. */
export function encodeFrame(frame: Frame): Uint8Array {
  const lines =
    'comment' in frame
      ? [`:${frame.comment}`]
      : [
          ...(frame.event === undefined ? [] : [`event: ${frame.event}`]),
          ...(frame.id === undefined ? [] : [`id: ${frame.id}`]),
          ...frame.data.split('\n').map((line) => `data: ${line}`),
        ];
  return new TextEncoder().encode(`${lines.join('\n')}\n\n`);
}
