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
 * The names that the types of the installed `openai` package contain. A name that its next release adds fails to
 * compile here until the proxy's handling of it is decided.
 */
type Decided<Name extends PropertyKey, Decision extends string> = Readonly<Record<Name, Decision>>;

const fields: Decided<keyof ResponseCreateParams, 'taken' | 'named by the site' | 'a reference'> = {
  access_programs: 'named by the site',
  background: 'taken',
  background_options: 'named by the site',
  context_management: 'named by the site',
  conversation: 'a reference',
  image: 'named by the site',
  include: 'taken',
  input: 'taken',
  instructions: 'taken',
  max_output_tokens: 'taken',
  max_tool_calls: 'taken',
  metadata: 'taken',
  model: 'taken',
  moderation: 'named by the site',
  parallel_tool_calls: 'taken',
  previous_response_id: 'taken',
  prompt: 'a reference',
  prompt_cache_key: 'taken',
  prompt_cache_options: 'named by the site',
  prompt_cache_retention: 'named by the site',
  reasoning: 'taken',
  safety_identifier: 'named by the site',
  service_tier: 'named by the site',
  store: 'taken',
  stream: 'taken',
  stream_options: 'taken',
  temperature: 'taken',
  text: 'taken',
  tool_choice: 'taken',
  tools: 'taken',
  top_logprobs: 'taken',
  top_p: 'taken',
  truncation: 'taken',
  user: 'named by the site',
};

test.each(Object.entries(fields))('the field %s of openai is: %s', (field, decision) => {
  const found = createFields.has(field) ? 'taken' : referringFields.has(field) ? 'a reference' : undefined;
  expect(found ?? 'named by the site').toBe(decision);
});

/** `always`, the hosted tool that it belongs to, or `named by the site`. */
const items: Decided<NonNullable<ResponseInputItem['type']>, string> = {
  additional_tools: 'named by the site',
  apply_patch_call: 'apply_patch',
  apply_patch_call_output: 'apply_patch',
  code_interpreter_call: 'code_interpreter',
  compaction: 'always',
  compaction_trigger: 'named by the site',
  computer_call: 'computer',
  computer_call_output: 'computer',
  configuration_update: 'named by the site',
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

test.each(Object.entries(items))('the item %s of openai is: %s', (item, decision) => {
  expect(allowedItems([], []).has(item)).toBe(decision === 'always');
  expect(allowedItems([decision], []).has(item)).toBe(decision !== 'named by the site');
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
const include: Decided<ResponseIncludable, 'taken' | 'named by the site'> = {
  'code_interpreter_call.outputs': 'named by the site',
  'computer_call_output.output.image_url': 'named by the site',
  'file_search_call.results': 'named by the site',
  'message.input_image.image_url': 'taken',
  'message.output_text.logprobs': 'taken',
  'reasoning.encrypted_content': 'taken',
  'web_search_call.action.sources': 'taken',
  'web_search_call.results': 'taken',
};

test.each(Object.entries(include))('the include %s of openai is: %s', (value, decision) => {
  const taken = readAllow({ models: ['m'] }).include.includes(value);
  expect(taken ? 'taken' : 'named by the site').toBe(decision);
});
