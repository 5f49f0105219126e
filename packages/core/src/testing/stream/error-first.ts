import type { FaultNamed } from '../faults/fault.ts';
import { json, type Answer } from '../http/answer.ts';
import { failureMessage } from '../world/failure-message.ts';

/** An error with HTTP 200, as the only event of a stream or as a JSON body. */
export function errorFirst(fault: FaultNamed<'error-event-first'>, streamed: boolean): Answer {
  const code = fault.code ?? 'server_error';
  const error = { type: code, code, message: fault.message ?? failureMessage(code), param: null };
  if (!streamed) return json({ error });
  const flat = { code, message: error.message, param: null };
  const event = { type: 'error', ...(fault.form === 'flat' ? flat : { error }), sequence_number: 0 };
  const frame = `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(frame));
      controller.close();
    },
  });
  return { kind: 'stream', status: 200, headers: new Headers(), body, untyped: false };
}
