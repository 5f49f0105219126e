import type { JsonObject } from '../../wire/json.ts';

/**
 * Returns the parts of a create that identify its job. A client that lost a streamed answer may repeat the create
 * without `stream`, because the form of the answer does not belong to the job. The result does not depend on the order
 * of the top-level fields, or on fields that are null.
 */
export function comparableBody(body: JsonObject): string {
  const { stream: _form, stream_options: _options, ...job } = body;
  const fields = Object.entries(job).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(fields.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
