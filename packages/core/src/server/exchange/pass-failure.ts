import { doubtMs } from '../limits/doubt.ts';
import type { Principal } from '../principal.ts';
import type { FailedAnswer } from '../upstream/read-upstream-answer.ts';
import { credentialsRefused, errorResponse, foreignToAsk, reportable } from '../upstream/upstream-failure.ts';
import { UpstreamFailureError } from '../upstream/upstream-failure-error.ts';
import type { Rewriting } from '../answer/rewriting.ts';
import type { OwnedResponse } from './owned-response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { responseNotFound } from './response-not-found.ts';

/**
 * Passes on an answer that does not have the requested object, to a request about a response of the client. The client
 * receives the API's error, or an error of the proxy.
 */
export async function passFailure<P extends Principal>(
  { running, config }: ProxyParts<P>,
  { report }: Exchange<P>,
  { responseId, issuedAt, name }: OwnedResponse,
  answer: FailedAnswer,
  { headers, rewriting }: { readonly headers: Headers; readonly rewriting: Rewriting },
): Promise<Response> {
  const { status } = answer;
  switch (answer.kind) {
    case 'error': {
      if (status !== 404) return errorResponse(status, headers, answer.error, rewriting);
      // If the response is old, it has expired or was deleted, and no longer runs. Soon after its create, the API may
      // not find it yet.
      const isEarly = config.clock.now() - issuedAt < doubtMs;
      await (isEarly ? running.missing(responseId) : running.ended(responseId)).catch(report);
      throw responseNotFound(name);
    }
    case 'credentials':
      report(new UpstreamFailureError(status, await reportable(answer.error, rewriting)));
      throw credentialsRefused();
    case 'foreign':
      report(new UpstreamFailureError(status, undefined));
      throw await foreignToAsk(answer, headers, rewriting);
  }
}
