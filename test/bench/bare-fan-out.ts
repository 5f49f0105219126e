/** The messages that one page of each run received. */
export interface Recording {
  readonly [runId: string]: {
    /** The messages before the first change of the run. */
    readonly first: readonly string[];
    /** The later messages, with the milliseconds after the release of the API's queue. */
    readonly later: readonly (readonly [afterMs: number, message: string])[];
  };
}

const encoder = new TextEncoder();

/** A minimal server of events: sends recorded messages to all pages of a run, without a look at how fast they read. */
export class BareFanOut {
  readonly #recording: Recording;
  readonly #pages = new Map<string, Set<ReadableStreamDefaultController<Uint8Array>>>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  watch(runId: string): Response {
    const pages = this.#pages.get(runId) ?? new Set();
    this.#pages.set(runId, pages);
    let page: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        page = controller;
        pages.add(controller);
        for (const message of this.#recording[runId]?.first ?? [])
          controller.enqueue(encoder.encode(message));
      },
      cancel: () => void (page && pages.delete(page)),
    });
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' },
    });
  }

  release(): void {
    for (const [runId, { later }] of Object.entries(this.#recording)) void this.#send(runId, later);
  }

  async #send(runId: string, later: Recording[string]['later']): Promise<void> {
    const began = performance.now();
    for (const [afterMs, message] of later) {
      const waitMs = began + afterMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const bytes = encoder.encode(message);
      for (const page of this.#pages.get(runId) ?? []) page.enqueue(bytes);
    }
  }
}
