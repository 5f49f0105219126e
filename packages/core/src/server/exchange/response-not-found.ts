import { Refusal } from '../refusal.ts';

/** One answer for all: an id of another's, a forged, an expired and an unknown one cannot be told apart. */
export function responseNotFound(token: string): Refusal {
  return new Refusal(404, 'response_not_found', `Response with id '${token}' not found.`);
}
