import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import * as z from 'zod';

const event = z.looseObject({ type: z.string(), seq: z.number(), at: z.number() });
export type ShownEvent = z.infer<typeof event>;

/** Reads the messages of an event stream, one after the other. */
export class EventMessages implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<EventSourceMessage>;

  constructor(answer: Response) {
    if (answer.status !== 200 || answer.body === null) throw new Error(`The answer is ${answer.status}.`);
    this.#reader = answer.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader();
  }

  /** The next message. Undefined at the end of the stream. */
  async next(): Promise<EventSourceMessage | undefined> {
    const { value } = await this.#reader.read();
    return value;
  }

  /** All messages until the stream ends, or until one fits. */
  async until(fits: (message: EventSourceMessage) => boolean = () => false): Promise<EventSourceMessage[]> {
    const messages: EventSourceMessage[] = [];
    for (let next = await this.next(); next !== undefined; next = await this.next()) {
      messages.push(next);
      if (fits(next)) break;
    }
    return messages;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

export function readEvent({ data }: Pick<EventSourceMessage, 'data'>): ShownEvent {
  return event.parse(JSON.parse(data));
}

const eventOfRun = z.object({ runId: z.string(), event });

/** The run and the event of a message of a stream of several runs. */
export function readEventOfRun({ data }: Pick<EventSourceMessage, 'data'>): z.infer<typeof eventOfRun> {
  return eventOfRun.parse(JSON.parse(data));
}
