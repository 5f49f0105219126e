import type { JsonObject } from '../../wire/json.ts';
import { beginEvents } from '../answer/begin-events.ts';
import { recordOf, StreamRecording } from '../answer/recording.ts';
import { relay } from '../answer/relay.ts';
import { responseHeaders } from '../answer/response-headers.ts';
import { rewriteResponse, type Rewriting } from '../answer/rewrite-response.ts';
import type { StartedCreate } from './started-create.ts';
import { unknownOutcome } from '../upstream/upstream-failure.ts';

/** What the answer to a create is passed on with. */
export interface PassCreated {
  readonly started: StartedCreate;
  readonly rewriting: Rewriting;
  readonly background: boolean;
  readonly status: number;
  /** The API's headers. */
  readonly headers: Headers;
  /** Told why a stream broke off. */
  readonly onBreak: (error: unknown) => void;
}

/** A response in one piece. */
export async function passObject(
  body: JsonObject,
  { started, rewriting, status, headers }: PassCreated,
): Promise<Response> {
  await started.seen(body);
  const text = JSON.stringify(await rewriteResponse(body, rewriting));
  await started.record(recordOf(status, 'application/json', text));
  return new Response(text, { status, headers: responseHeaders(headers, 'application/json') });
}

/** A response as a stream, from the event on that names it. `begun` is called when that came. */
export async function passEvents(
  stream: ReadableStream<Uint8Array>,
  begun: () => void,
  pass: PassCreated,
): Promise<Response> {
  const { started, rewriting, background, status, headers, onBreak } = pass;
  const contentType = 'text/event-stream; charset=utf-8';
  const answer = (body: ReadableStream<Uint8Array>): Response =>
    new Response(body, { status, headers: responseHeaders(headers, contentType) });

  let isOver = false;
  const { head, rest, first } = await beginEvents(stream, rewriting, async (response) => {
    if (await started.seen(response)) isOver = true;
  });
  begun();

  if (!background) {
    const recording = new StreamRecording();
    return answer(
      relay(head, rest, {
        onBreak,
        onChunk: (chunk) => recording.add(chunk),
        // Its connection closed, a foreground response is over, finished or not.
        onEnd: () =>
          isOver ? started.record(recording.outcome(status, contentType)) : started.nothingRuns(),
      }),
    );
  }
  if (first === undefined) {
    await started.outcomeUnknown();
    // Nothing was sent yet, so it can still be said plainly.
    return head.length === 0 ? unknownOutcome() : answer(relay(head, rest, { onBreak }));
  }
  await started.record({
    state: 'streaming',
    responseId: first.responseId,
    name: await rewriting.names.nameOf(first.responseId),
    head: head.map((chunk) => new TextDecoder().decode(chunk)).join(''),
    after: first.sequenceNumber,
  });
  return answer(relay(head, rest, { onBreak }));
}
