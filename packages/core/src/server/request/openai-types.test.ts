import type {
  ResponseCreateParams,
  ResponseIncludable,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import { readAllow } from '../options/read-allow.ts';
import { createFields, referringFields } from './create-fields.ts';
import { allowedItems } from './input-items.ts';

/**
 * The names that the types of the installed `openai` package contain. If the next release of the package adds a name,
 * this file does not compile until a decision on the name is added.
 */
type Decided<Name extends PropertyKey, Decision extends string> = Readonly<Record<Name, Decision>>;

const fields: Decided<
  keyof ResponseCreateParams,
  'always' | 'if the site lists it' | 'if authorizeReference allows it'
> = {
  access_programs: 'if the site lists it',
  background: 'always',
  background_options: 'if the site lists it',
  context_management: 'if the site lists it',
  conversation: 'if authorizeReference allows it',
  image: 'if the site lists it',
  include: 'always',
  input: 'always',
  instructions: 'always',
  max_output_tokens: 'always',
  max_tool_calls: 'always',
  metadata: 'always',
  model: 'always',
  moderation: 'if the site lists it',
  parallel_tool_calls: 'always',
  previous_response_id: 'always',
  prompt: 'if authorizeReference allows it',
  prompt_cache_key: 'always',
  prompt_cache_options: 'if the site lists it',
  prompt_cache_retention: 'if the site lists it',
  reasoning: 'always',
  safety_identifier: 'if the site lists it',
  service_tier: 'if the site lists it',
  store: 'always',
  stream: 'always',
  stream_options: 'always',
  temperature: 'always',
  text: 'always',
  tool_choice: 'always',
  tools: 'always',
  top_logprobs: 'always',
  top_p: 'always',
  truncation: 'always',
  user: 'if the site lists it',
};

test.each(Object.entries(fields))('the proxy accepts the field %s of openai: %s', (field, decision) => {
  const found = createFields.has(field)
    ? 'always'
    : referringFields.has(field)
      ? 'if authorizeReference allows it'
      : undefined;
  expect(found ?? 'if the site lists it').toBe(decision);
});

/** For each item type: `always`, the hosted tool that the item belongs to, or `if the site lists it`. */
const items: Decided<NonNullable<ResponseInputItem['type']>, string> = {
  additional_tools: 'if the site lists it',
  apply_patch_call: 'apply_patch',
  apply_patch_call_output: 'apply_patch',
  code_interpreter_call: 'code_interpreter',
  compaction: 'always',
  compaction_trigger: 'if the site lists it',
  computer_call: 'computer',
  computer_call_output: 'computer',
  configuration_update: 'if the site lists it',
  custom_tool_call: 'always',
  custom_tool_call_output: 'always',
  file_search_call: 'file_search',
  function_call: 'always',
  function_call_output: 'always',
  image_generation_call: 'image_generation',
  item_reference: 'always',
  local_shell_call: 'local_shell',
  local_shell_call_output: 'local_shell',
  mcp_approval_request: 'mcp:docs',
  mcp_approval_response: 'mcp:docs',
  mcp_call: 'mcp:docs',
  mcp_list_tools: 'mcp:docs',
  message: 'always',
  program: 'programmatic_tool_calling',
  program_output: 'programmatic_tool_calling',
  reasoning: 'always',
  shell_call: 'shell',
  shell_call_output: 'shell',
  tool_search_call: 'tool_search',
  tool_search_output: 'tool_search',
  web_search_call: 'web_search',
};

test.each(Object.entries(items))('the proxy accepts the item %s of openai: %s', (item, decision) => {
  expect(allowedItems([], []).has(item)).toBe(decision === 'always');
  expect(allowedItems([decision], []).has(item)).toBe(decision !== 'if the site lists it');
  expect(allowedItems([], [item]).has(item)).toBe(true);
});

const tools: Decided<Tool['type'], 'the client’s' | 'hosted'> = {
  apply_patch: 'hosted',
  code_interpreter: 'hosted',
  computer: 'hosted',
  computer_use_preview: 'hosted',
  custom: 'the client’s',
  file_search: 'hosted',
  function: 'the client’s',
  image_generation: 'hosted',
  local_shell: 'hosted',
  mcp: 'hosted',
  namespace: 'the client’s',
  programmatic_tool_calling: 'hosted',
  shell: 'hosted',
  tool_search: 'hosted',
  web_search: 'hosted',
  web_search_2025_08_26: 'hosted',
  web_search_preview: 'hosted',

  web_search_preview_2025_03_11: 'hosted',
};

test.each(Object.entries(tools).filter(([, whose]) => whose === 'hosted'))(
  'the site can list the hosted tool %s of openai',
  (tool) => {
    const name = tool === 'mcp' ? 'mcp:docs' : tool;
    expect(readAllow({ models: ['m'], hostedTools: [name] }).hostedTools.has(name)).toBe(true);
  },
);

/**
 * The proxy accepts values that concern only the client’s own content. The site has to list values with results of a
 * hosted tool from the site’s files.
 */
const include: Decided<ResponseIncludable, 'always' | 'if the site lists it'> = {
  'code_interpreter_call.outputs': 'if the site lists it',
  'computer_call_output.output.image_url': 'if the site lists it',
  'file_search_call.results': 'if the site lists it',
  'message.input_image.image_url': 'always',
  'message.output_text.logprobs': 'always',
  'reasoning.encrypted_content': 'always',
  'web_search_call.action.sources': 'always',
  'web_search_call.results': 'always',
};

test.each(Object.entries(include))('the proxy accepts the include %s of openai: %s', (value, decision) => {
  const taken = readAllow({ models: ['m'] }).include.includes(value);
  expect(taken ? 'always' : 'if the site lists it').toBe(decision);
});
