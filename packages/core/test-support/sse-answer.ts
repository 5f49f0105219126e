import type { JsonObject } from '../src/wire/json.ts';

/** An answer with a stream of these events, numbered from 0, in the API's format. */
export function sseAnswer(events: readonly JsonObject[]): Response {
  const frames = events.map((event, sequence_number) => {
    const data = JSON.stringify({ ...event, sequence_number });
    return `event: ${String(event['type'])}\ndata: ${data}\n\n`;
  });
  return new Response(frames.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

/** A stream that the test writes event by event. */
export function openStream(): {
  readonly answer: Response;
  write(...events: readonly JsonObject[]): void;
  end(): void;
} {
  let sequence = 0;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    answer: new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    write: (...events) => {
      for (const event of events) {
        const data = JSON.stringify({ ...event, sequence_number: sequence });
        sequence += 1;
        controller?.enqueue(new TextEncoder().encode(`event: ${String(event['type'])}\ndata: ${data}\n\n`));
      }
    },
    end: () => controller?.close(),
  };
}
