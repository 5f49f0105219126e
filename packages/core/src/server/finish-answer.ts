import { addSafetyHeaders } from './answer/response-headers.ts';
import type { ProxyCors } from './options/proxy-options.ts';
import { addCorsHeaders } from './origin.ts';

/** Copies the answer, because a Response of `authorize` may have immutable headers (`Response.redirect` does). */
export function finishAnswer(
  answer: Response,
  request: Request,
  cors: ProxyCors | undefined,
  report: (error: unknown) => void,
): Response {
  const headers = new Headers(answer.headers);
  addSafetyHeaders(headers);
  try {
    addCorsHeaders(headers, request, cors);
  } catch (error) {
    // `cors.origins` failed. The page cannot read the answer, but a created response is not lost.
    report(error);
  }
  return new Response(answer.body, { status: answer.status, headers });
}
