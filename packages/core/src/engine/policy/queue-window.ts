import { fieldsOf } from '../../wire/json.ts';

/** A GET a minute at most while a discounted response is queued: it may be queued for hours. */
export const queueWindowPollMs = 60_000;

/**
 * The window in which the server may complete a discounted background response, in milliseconds: the
 * `completion_window` of `background_options`, `'2h'` or `'8h'` (types of `openai` 7.59). Null without one.
 */
export function queueWindowOf(backgroundOptions: unknown): number | null {
  const { completion_window: window } = fieldsOf(backgroundOptions);
  const hours = /^(\d+(?:\.\d+)?)h$/.exec(typeof window === 'string' ? window : '')?.[1];
  return hours === undefined ? null : Number(hours) * 3_600_000;
}
