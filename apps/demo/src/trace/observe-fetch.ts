import type { WireSpan } from './wire-span.ts';

/** The `problem` of a response body that the client stopped reading. */
export const leftByClient = 'closed by the client';

/** The `problem` of a request that was pending when its page was closed or reloaded. */
export const leftWithPage = 'the page was closed';

/** The `problem` of a request of the server that was pending when its process ended. */
export const leftWithProcess = 'the process of the server ended';

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

interface ObserveOptions {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly newId: () => string;
  /** Called when a request is sent, answered and ended, with the current span. */
  readonly onSpan: (span: WireSpan) => void;
}

/** Returns the purpose of a request to `/responses`, from its URL and headers. Undefined for other requests. */
function describe(request: Request): Omit<WireSpan, 'id' | 'startedAt' | 'bytes'> | undefined {
  const url = new URL(request.url);
  const [, id, action] = /\/responses(?:\/([^/]+))?(?:\/(cancel))?$/.exec(url.pathname) ?? [];
  if (id === undefined) {
    if (request.method !== 'POST') return undefined;
    // The idempotency key of a create in core is `<runId>/<iteration>/<attempt>`.
    const [, runId, iteration] =
      /^(.*)\/(\d+)\/\d+$/.exec(request.headers.get('idempotency-key') ?? '') ?? [];
    return runId === undefined ? { kind: 'create' } : { kind: 'create', runId, iteration: Number(iteration) };
  }
  const responseId = decodeURIComponent(id);
  if (action === 'cancel') return { kind: 'cancel', responseId };
  if (url.searchParams.get('stream') !== 'true') return { kind: 'poll', responseId };
  const cursor = url.searchParams.get('starting_after');
  return { kind: 'stream', responseId, ...(cursor === null ? {} : { startingAfter: Number(cursor) }) };
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Wraps a `fetch` and reports its requests. */
export function observeFetch({ fetch, now, newId, onSpan }: ObserveOptions): Fetch {
  return async (input, init) => {
    // Outside of a page, `new Request` does not accept a relative URL.
    const request = new Request(input, init);
    const about = describe(request);
    if (about === undefined) return fetch(request);
    let span: WireSpan = { ...about, id: newId(), startedAt: now(), bytes: 0 };
    const report = (change: Partial<WireSpan>): void => {
      span = { ...span, ...change };
      onSpan(span);
    };
    report({});
    let response: Response;
    try {
      response = await fetch(request);
    } catch (error) {
      report({ endedAt: now(), problem: problemOf(error) });
      throw error;
    }
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    report({
      answeredAt: now(),
      status: response.status,
      // A create that is answered by a stream is shown as a stream, which takes most of the time.
      ...(streams && span.kind === 'create' ? { kind: 'stream' } : {}),
    });
    if (response.body === null) {
      report({ endedAt: now() });
      return response;
    }
    let bytes = 0;
    const body = observedBody(response.body, {
      read: (size) => {
        bytes += size;
      },
      ended: (problem) => report({ endedAt: now(), bytes, ...(problem === undefined ? {} : { problem }) }),
    });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

function observedBody(
  body: ReadableStream<Uint8Array>,
  on: { readonly read: (bytes: number) => void; readonly ended: (problem?: string) => void },
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const part = await reader.read();
        if (part.done) {
          on.ended();
          controller.close();
        } else {
          on.read(part.value.byteLength);
          controller.enqueue(part.value);
        }
      } catch (error) {
        on.ended(problemOf(error));
        controller.error(error);
      }
    },
    cancel: async (reason) => {
      on.ended(leftByClient);
      await reader.cancel(reason);
    },
  });
}
