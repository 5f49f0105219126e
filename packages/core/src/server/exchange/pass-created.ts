import type { JsonObject } from '../../wire/json.ts';
import { beginEvents } from '../answer/begin-events.ts';
import { relay } from '../answer/relay.ts';
import { eventStream, responseHeaders } from '../answer/response-headers.ts';
import { rewriteResponse } from '../answer/rewrite-response.ts';
import { type Rewriting, written } from '../answer/rewriting.ts';
import { StreamRecording } from '../limits/record-budget.ts';
import type { StartedCreate } from './started-create.ts';
import { unknownOutcome } from '../upstream/upstream-failure.ts';

/** The parts that are needed to pass on the answer to a create. */
export interface PassCreated {
  readonly started: StartedCreate;
  readonly rewriting: Rewriting;
  readonly background: boolean;
  readonly status: number;
  /** The API's headers. */
  readonly headers: Headers;
  /** Aborts when the client disconnects. */
  readonly client: AbortSignal;
  /** Called with the error if a stream breaks. */
  readonly onBreak: (error: unknown) => void;
}

/** Passes on a response as an object. */
export async function passObject(
  body: JsonObject,
  { started, rewriting, background, status, headers }: PassCreated,
): Promise<Response> {
  await started.seen(body);
  const contentType = 'application/json';
  const text = await written(rewriteResponse(body, rewriting), rewriting);
  const responseId = String(body['id']);
  const name = await rewriting.names.nameOf(responseId);
  await started.record({ responseId, name, background, answer: { status, contentType, body: text } });
  return new Response(text, { status, headers: responseHeaders(headers, contentType) });
}

/** Passes on a response as a stream, when the event with its id has arrived. Then it also calls `begun`. */
export async function passEvents(
  stream: ReadableStream<Uint8Array>,
  begun: () => void,
  pass: PassCreated,
): Promise<Response> {
  const { started, rewriting, background, status, headers, client, onBreak } = pass;
  const { names } = rewriting;
  const answer = (body: ReadableStream<Uint8Array>): Response =>
    new Response(body, { status, headers: responseHeaders(headers, eventStream) });

  let isOver = false;
  const { head, rest, first, refused } = await beginEvents(stream, rewriting, async (response) => {
    if (await started.seen(response)) isOver = true;
  });
  begun();

  if (refused) {
    await started.nothingRuns();
    return answer(relay(head, rest, { onBreak }));
  }
  if (!background) {
    const recording = new StreamRecording();
    let isWhole = false;
    const onChunk = (chunk: Uint8Array): void => {
      recording.add(chunk);
      // The terminal event is observed before its chunk is sent.
      isWhole = isOver;
    };
    const onEnd = async (): Promise<void> => {
      const body = isWhole ? recording.text : undefined;
      // When its connection closes, a foreground response ends, complete or not.
      if (!isOver || first === undefined) return started.nothingRuns();
      const { responseId } = first;
      await started.record({
        responseId,
        name: await names.nameOf(responseId),
        background,
        answer: body === undefined ? undefined : { status, contentType: eventStream, body },
      });
    };
    // Some hosts do not cancel the body when the client disconnects.
    if (client.aborted) await started.nothingRuns();
    else client.addEventListener('abort', () => void onEnd(), { once: true });
    return answer(relay(head, rest, { onBreak, onChunk, onEnd }));
  }
  if (first === undefined) {
    await started.outcomeUnknown();
    // If no event has arrived, the answer can still be an error status.
    return head.length === 0 ? unknownOutcome().toResponse() : answer(relay(head, rest, { onBreak }));
  }
  const { responseId } = first;
  await started.record({ responseId, name: await names.nameOf(responseId), background, answer: undefined });
  return answer(relay(head, rest, { onBreak }));
}
