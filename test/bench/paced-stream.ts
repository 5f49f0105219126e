const encoder = new TextEncoder();

/** Milliseconds between two chunks. A chunk has all events of its interval. */
const tickMs = 10;

/** An answer that streams events at a constant rate, like a model. */
export function pacedStream(events: readonly string[], perSecond: number): Response {
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const began = performance.now();
      let sent = 0;
      timer = setInterval(() => {
        const due = Math.ceil(((performance.now() - began) / 1_000) * perSecond);
        controller.enqueue(encoder.encode(events.slice(sent, due).join('')));
        sent = due;
        if (due < events.length) return;
        clearInterval(timer);
        controller.close();
      }, tickMs);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' },
  });
}
