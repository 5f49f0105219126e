import type { ResponseStatus } from '../../wire/response.ts';
import type { StoredResponse } from './stored-response.ts';

/** The status at a time, computed from the record's times: `queued → in_progress → terminal`. */
export function statusOf(response: StoredResponse, now: number): ResponseStatus {
  if (response.cancelled !== null) return 'cancelled';
  if (response.startsAt === null || now < response.startsAt) return 'queued';
  if (response.endsAt === null || now < response.endsAt) return 'in_progress';
  return response.outcome.status;
}

/** When the response became terminal; undefined if it has not. */
export function endedAt(response: StoredResponse, now: number): number | undefined {
  if (response.cancelled !== null) return response.cancelled.at;
  return response.endsAt !== null && response.startsAt !== null && response.endsAt <= now
    ? response.endsAt
    : undefined;
}

/** Whether the model produced billed output: the response started and did not fail. */
export function isGeneration(response: StoredResponse, now: number): boolean {
  if (response.cancelled !== null) return response.cancelled.started;
  const status = statusOf(response, now);
  return status !== 'queued' && status !== 'failed';
}
