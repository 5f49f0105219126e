import { Refusal } from '../refusal.ts';

/**
 * Returns the same error for a forged, expired or unknown id and for an id of another principal, so that clients cannot
 * distinguish these cases.
 */
export function responseNotFound(token: string): Refusal {
  return new Refusal(404, 'response_not_found', `Response with id '${token}' not found.`);
}
