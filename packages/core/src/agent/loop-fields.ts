/**
 * The fields that `request` and `prepareRequest` must not set, because the loop owns them. Each value states the
 * reason, and what to use instead if anything. `prepareRequest` may add items to `input`.
 */
export const loopFields: Readonly<Record<string, string>> = {
  background: 'use the option `background` of the agent',
  input: 'the loop writes it for each iteration. Pass the first input to `start`',
  stream: 'the loop sets it. Use the option `mode` of the runner',
  previous_response_id: 'the loop chains the iterations. Use `continueFrom` to continue an earlier run',
  conversation: 'the API does not allow it with `previous_response_id`, which chains the iterations',
};
