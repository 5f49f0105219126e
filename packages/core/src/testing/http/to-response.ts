import { connectionLost } from '../stream/sse-frames.ts';
import type { Answer } from './answer.ts';

/** A body that breaks: its reader gets the text, then the error of a lost connection. */
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

/** Statuses for which `Response` does not accept a body. */
const withoutBody: readonly number[] = [204, 205, 304];

function bodyOf(answer: Answer): string | ReadableStream<Uint8Array> | null {
  if (withoutBody.includes(answer.status)) return null;
  if (answer.kind === 'json') return JSON.stringify(answer.body);
  return answer.kind === 'cut' ? broken(answer.body) : answer.body;
}

/** Converts an answer to the `Response` that `fetch` resolves to. */
export function toResponse(answer: Answer): Response {
  const { status, headers } = answer;
  const untyped = answer.kind === 'stream' && answer.untyped;
  if (!untyped && !headers.has('content-type')) {
    headers.set(
      'content-type',
      answer.kind === 'stream' ? 'text/event-stream; charset=utf-8' : 'application/json',
    );
  }
  return new Response(bodyOf(answer), { status, headers });
}
