import type { JsonObject } from '../../wire/json.ts';

/**
 * What two creates of one job have in common. A client that lost a streamed answer may ask for the same job without
 * `stream`: the form of the answer is no part of the job. Neither is the order of fields, nor a null.
 */
export function comparableBody(body: JsonObject): string {
  const { stream: _form, stream_options: _options, ...job } = body;
  const fields = Object.entries(job).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(fields.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
