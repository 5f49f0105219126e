import type { Excused } from './compare-names.ts';

/** Parameters that the client of `openai` does not send as fields. */
export const clientFields: Excused = { betas: 'sent as the header `openai-beta`' };

/** Events in `openai`'s types that the emulator does not send. */
export const unsentEvents: Excused = {
  'response.audio.delta': 'no model of the Responses API answers with audio over HTTP',
  'response.audio.done': 'no model of the Responses API answers with audio over HTTP',
  'response.audio.transcript.delta': 'no model of the Responses API answers with audio over HTTP',
  'response.audio.transcript.done': 'no model of the Responses API answers with audio over HTTP',
};

export const unsentResponseFields: Excused = {
  output_text: 'the client of openai adds it; it is not on the wire',
  input_transformations: 'the emulator never removes reasoning of another organisation or model',
  prompt_cache_diagnostics:
    'requested with `prompt_cache_options.comparison_response_id`; the emulator has no cache to compare',
};

export const unsentUsageFields: Excused = {
  cache_write_tokens_details: 'the emulator writes nothing to a cache',
};

export const unsentErrorFields: Excused = {
  param: 'recorded failures have a code and a message',
  type: 'recorded failures have a code and a message',
};

/** Fields of items that only the API writes. No recorded client sends them back. */
export const outputOnlyFields: Excused = { created_by: 'the creator of the item; refused in input' };
