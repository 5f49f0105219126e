/**
 * The fields of a create that the loop writes, each with the option that decides it. The `request` of an agent and
 * `prepareRequest` must not set them; `prepareRequest` may add items to `input`.
 */
export const loopFields: Readonly<Record<string, string>> = {
  background: 'give it as `background` of the agent',
  input: 'the loop writes it for each iteration; give the first one to `start`',
  stream: "the loop decides it; choose the runner's `mode`",
  previous_response_id: 'the loop chains the iterations; continue an earlier run with `continueFrom`',
  conversation: 'it excludes `previous_response_id`, which chains the iterations',
};
