import { connectionLost } from '../stream/sse-frames.ts';
import type { Answer } from './answer.ts';

/** A body that breaks off: its reader gets the text, then the error of a lost connection. */
function broken(text: string): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent) controller.error(connectionLost());
        else controller.enqueue(new TextEncoder().encode(text));
        sent = true;
      },
    },
    { highWaterMark: 0 },
  );
}

function setType(answer: Answer, type: string): void {
  if (!answer.headers.has('content-type')) answer.headers.set('content-type', type);
}

/** An answer as the `Response` that `fetch` resolves to. */
export function toResponse(answer: Answer): Response {
  const { status, headers } = answer;
  switch (answer.kind) {
    case 'json':
      setType(answer, 'application/json');
      return new Response(JSON.stringify(answer.body), { status, headers });
    case 'stream':
      setType(answer, 'text/event-stream; charset=utf-8');
      return new Response(answer.body, { status, headers });
    case 'text':
      setType(answer, 'application/json');
      return new Response(answer.body, { status, headers });
    case 'cut':
      setType(answer, 'application/json');
      return new Response(broken(answer.body), { status, headers });
  }
}
