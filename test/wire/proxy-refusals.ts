import type { Excused } from './compare-names.ts';

const costs = 'it changes the costs of a run; `allow.fields` accepts it';
const policy = 'the server decides that; `allow.fields` accepts it';

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
  'it adds tools or programs that the rules for `tools` do not check; `allow.inputItems` accepts it';

/** Input items that the proxy refuses, regardless of its tools, unless `allow.inputItems` names them. */
export const refusedItems: Excused = {
  additional_tools: brings,
  compaction_trigger: 'it makes the server compact a context; `allow.inputItems` accepts it',
  configuration_update: 'it changes the effort of later turns; `allow.inputItems` accepts it',
};

/** Fields of tools that a client executes, by `type.field`, which the proxy refuses. */
export const refusedToolFields: Excused = {
  'custom.async': 'a loop answers every call in the next create',
  'function.async': 'a loop answers every call in the next create',
};
