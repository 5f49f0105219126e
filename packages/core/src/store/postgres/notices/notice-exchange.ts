import process from 'node:process';
import { errorMessage } from '../../../errors/error-message.ts';
import type { RunNotice } from '../../run-store.ts';
import { MessageParts } from './message-parts.ts';
import { readMessage, readNotices } from './notice-text.ts';
import { OutgoingNotices } from './outgoing-notices.ts';

/** The channel of an exchange, for the notices of one store. */
export interface NoticeTransport {
  /** Sends messages to the other stores. If it fails, the messages are lost. */
  send(messages: readonly string[]): Promise<void>;
  /** Maximum number of messages of one `send`. */
  readonly mostAtOnce: number;
}

/** The time between two calls of `send`, in milliseconds. Notices of that time are sent together. */
const gatherMs = 40;

/** Sends the notices of one store, and receives those of others. */
export class NoticeExchange {
  readonly #transport: NoticeTransport;
  readonly #receive: (notice: RunNotice) => void;
  readonly #from: string = crypto.randomUUID();
  readonly #outgoing: OutgoingNotices = new OutgoingNotices(this.#from);
  readonly #parts: MessageParts = new MessageParts();
  /** Sends what waits. Undefined while nothing waits. */
  #sending: Promise<void> | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  #isClosed = false;

  /** @param receive Called with the notices of other stores. */
  constructor(transport: NoticeTransport, receive: (notice: RunNotice) => void) {
    this.#transport = transport;
    this.#receive = receive;
  }

  /** Sends a notice soon: immediately if none was sent in the last 40 ms. */
  send(notice: RunNotice): void {
    if (this.#isClosed) return;
    this.#outgoing.add(notice);
    this.#sending ??= this.#sendAll();
  }

  /** A message has arrived. It may be one of this store. */
  received(text: string): void {
    const message = readMessage(text);
    if (message === undefined || message.from === this.#from) return;
    const whole = this.#parts.add(message);
    if (whole !== undefined) readNotices(whole).forEach(this.#receive);
  }

  /** Sends what waits, and then nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    // Notices of one turn of the event loop are sent together.
    await pause(0);
    while (!this.#outgoing.isEmpty) {
      await pause(this.#isClosed ? 0 : this.#sentAt + gatherMs - performance.now());
      this.#sentAt = performance.now();
      await this.#sendSome();
    }
    this.#sending = undefined;
  }

  async #sendSome(): Promise<void> {
    const { mostAtOnce } = this.#transport;
    try {
      await this.#transport.send(this.#outgoing.take(mostAtOnce));
      this.#hasFailed = false;
    } catch (error) {
      // The other processes query the store. They also ask for lost text again.
      if (!this.#hasFailed) {
        process.emitWarning(
          `The store cannot send notices to other processes at present. They notice changes later, and their live text is missing. ${errorMessage(error)}`,
          'LonghaulWarning',
        );
      }
      this.#hasFailed = true;
    }
  }
}

/** Waits without keeping the process alive. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms)).unref();
  });
}
