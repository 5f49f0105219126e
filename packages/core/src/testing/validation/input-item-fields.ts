/** The fields of an input item except `type`, as in `openai`'s types. */
export interface ItemFields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Fields that every item type accepts. `agent` is for multi-agent runs (beta). */
export const withEveryItem: readonly string[] = ['agent'];

/**
 * All input item types of the API reference, including those of multi-agent runs (beta). An `id` is required only if
 * the API needs it to process the item; recorded clients omit other ids.
 */
export const inputItemFields: { readonly [type: string]: ItemFields } = {
  additional_tools: { required: ['role', 'tools'], optional: ['id'] },
  agent_message: { required: ['author', 'content', 'recipient'], optional: ['id'] },
  apply_patch_call: { required: ['call_id', 'operation', 'status'], optional: ['id', 'caller'] },
  apply_patch_call_output: { required: ['call_id', 'status'], optional: ['id', 'caller', 'output'] },
  code_interpreter_call: {
    required: ['code', 'container_id', 'outputs', 'status'],
    optional: ['id'],
  },
  compaction: { required: ['encrypted_content'], optional: ['id'] },
  compaction_trigger: { required: [], optional: ['id'] },
  computer_call: {
    required: ['call_id', 'pending_safety_checks', 'status'],
    optional: ['id', 'action', 'actions'],
  },
  computer_call_output: {
    required: ['call_id', 'output'],
    optional: ['id', 'acknowledged_safety_checks', 'status'],
  },
  configuration_update: { required: [], optional: ['id', 'reasoning', 'text'] },
  custom_tool_call: {
    required: ['call_id', 'name', 'input'],
    optional: ['id', 'async', 'caller', 'namespace', 'status'],
  },
  custom_tool_call_output: { required: ['call_id', 'output'], optional: ['id', 'caller', 'status'] },
  file_search_call: { required: ['queries', 'status'], optional: ['id', 'results'] },
  function_call: {
    required: ['call_id', 'name', 'arguments'],
    optional: ['id', 'async', 'caller', 'namespace', 'status'],
  },
  function_call_output: {
    required: ['call_id', 'output'],
    optional: ['id', 'caller', 'name', 'namespace', 'status'],
  },
  image_generation_call: {
    required: ['status'],
    optional: [
      ...['id', 'result', 'action', 'background', 'error', 'output_format'],
      ...['quality', 'revised_prompt', 'size', 'svg_usage'],
    ],
  },
  item_reference: { required: ['id'], optional: [] },
  local_shell_call: { required: ['action', 'call_id', 'status'], optional: ['id'] },
  local_shell_call_output: { required: ['id', 'output'], optional: ['status'] },
  mcp_approval_request: { required: ['arguments', 'name', 'server_label'], optional: ['id'] },
  mcp_approval_response: {
    required: ['approval_request_id', 'approve'],
    optional: ['id', 'reason', 'request_id'],
  },
  mcp_call: {
    required: ['arguments', 'name', 'server_label'],
    optional: ['id', 'approval_request_id', 'error', 'output', 'status'],
  },
  mcp_list_tools: { required: ['server_label', 'tools'], optional: ['id', 'error'] },
  message: { required: ['role', 'content'], optional: ['id', 'status', 'phase'] },
  multi_agent_call: { required: ['action', 'arguments', 'call_id'], optional: ['id'] },
  multi_agent_call_output: { required: ['action', 'call_id', 'output'], optional: ['id'] },
  program: { required: ['id', 'call_id', 'code', 'fingerprint'], optional: [] },
  program_output: { required: ['id', 'call_id', 'result', 'status'], optional: [] },
  reasoning: { required: ['summary'], optional: ['id', 'content', 'encrypted_content', 'status'] },
  shell_call: {
    required: ['action', 'call_id'],
    optional: ['id', 'caller', 'environment', 'status'],
  },
  shell_call_output: {
    required: ['call_id', 'output'],
    optional: ['id', 'caller', 'max_output_length', 'status'],
  },
  tool_search_call: { required: ['arguments'], optional: ['id', 'call_id', 'execution', 'status'] },
  tool_search_output: { required: ['tools'], optional: ['id', 'call_id', 'execution', 'status'] },
  web_search_call: { required: ['status'], optional: ['id', 'action'] },
};
