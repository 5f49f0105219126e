import type { Excused } from './compare-names.ts';

const costs = 'it changes what a run costs; `allow.fields` takes it';
const policy = 'the server decides that; `allow.fields` takes it';

/** Request fields that the proxy refuses unless `allow.fields` names them. */
export const refusedFields: Excused = {
  access_programs: policy,
  background_options: costs,
  context_management: costs,
  image: costs,
  moderation: policy,
  prompt_cache_options: costs,
  prompt_cache_retention: costs,
  safety_identifier: policy,
  service_tier: costs,
  user: policy,
};

const brings =
  'it brings tools or programs that the rules for `tools` would not see; `allow.inputItems` takes it';

/** Input items that the proxy refuses, whatever tools it offers, unless `allow.inputItems` names them. */
export const refusedItems: Excused = {
  additional_tools: brings,
  compaction_trigger: 'it makes the server compact a context; `allow.inputItems` takes it',
  configuration_update: 'it changes the effort of later turns; `allow.inputItems` takes it',
};

/** Fields of tools that a client executes itself, by `type.field`. */
export const refusedToolFields: Excused = {
  'custom.async': 'a loop answers every call in the next create',
  'function.async': 'a loop answers every call in the next create',
};
