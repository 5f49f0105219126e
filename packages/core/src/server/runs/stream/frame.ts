import type { RunEvent } from '../../../engine/view/run-event.ts';

/** How a stream names the run of an event: not at all, or in each message. */
export type FrameForm = 'single' | 'multi';

const encoder = new TextEncoder();

/** An event without a number, about a stream or one of its runs. */
export function encodeNotice(event: 'end' | 'gone' | 'list', data: object): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A comment. Clients ignore it, and proxies keep the connection open. */
export const heartbeat: Uint8Array = encoder.encode(': heartbeat\n\n');

/**
 * An event of a run as streams send it. It is serialized once, and all pages get the same bytes, because a thousand
 * pages may watch one run. The bytes of older events are released, because only slow pages need them.
 */
export class Frame {
  readonly seq: number;
  readonly #runId: string;
  readonly #json: string;
  // Two fields, because thousands of frames are kept, and a map in each needs more memory than its event.
  #single: Uint8Array | undefined;
  #multi: Uint8Array | undefined;

  constructor(runId: string, event: RunEvent) {
    this.seq = event.seq;
    this.#runId = runId;
    this.#json = JSON.stringify(event);
  }

  /** The number of characters of the event. */
  get length(): number {
    return this.#json.length;
  }

  /** Releases the bytes. A page that needs them later encodes them again. */
  forgetBytes(): void {
    this.#single = undefined;
    this.#multi = undefined;
  }

  bytes(form: FrameForm): Uint8Array {
    if (form === 'single')
      return (this.#single ??= encoder.encode(`id: ${this.seq}\ndata: ${this.#json}\n\n`));
    return (this.#multi ??= encoder.encode(
      `data: {"runId":${JSON.stringify(this.#runId)},"event":${this.#json}}\n\n`,
    ));
  }
}
