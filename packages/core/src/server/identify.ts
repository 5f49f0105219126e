import { copyAnswer } from './copy-answer.ts';
import { type Principal, principalId } from './principal.ts';
import { Refusal } from './refusal.ts';

/** The caller of a request. */
export interface Caller<P extends Principal> {
  readonly principal: P;
  /** The principal's id. */
  readonly owner: string;
}

/** Identifies the caller with `authorize`, or returns the Response that refuses the request. */
export async function identify<P extends Principal>(
  request: Request,
  authorize: (request: Request) => P | Response | Promise<P | Response>,
): Promise<Response | Caller<P>> {
  const principal = await authorize(request);
  if (principal instanceof Response) return copyAnswer(principal);
  const owner = principalId(principal);
  if (owner === undefined) {
    throw new Refusal(401, 'unauthorized', 'This server does not know who you are.');
  }
  return { principal, owner };
}
