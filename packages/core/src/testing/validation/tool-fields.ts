/** The fields of a tool except `type`, as in `openai`'s types. */
export interface ToolFields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const called: readonly string[] = ['allowed_callers', 'async', 'defer_loading', 'description'];
const preview: readonly string[] = ['search_content_types', 'search_context_size', 'user_location'];
const webSearch: ToolFields = {
  required: [],
  // The API echoes the last two fields, but `openai`'s types do not have them yet.
  optional: [
    ...['external_web_access', 'filters', 'search_context_size', 'user_location'],
    ...['search_content_types', 'return_token_budget'],
  ],
};

/** All tool types of the API reference, in the order of the API's errors. */
export const fieldsByToolType: { readonly [type: string]: ToolFields } = {
  // The types require `parameters` and `strict`, but recordings show 200 without them.
  function: { required: ['name'], optional: ['parameters', 'strict', 'output_schema', ...called] },
  custom: { required: ['name'], optional: ['format', ...called] },
  namespace: { required: ['name', 'description', 'tools'], optional: [] },
  tool_search: { required: [], optional: ['description', 'execution', 'parameters'] },
  programmatic_tool_calling: { required: [], optional: [] },
  web_search: webSearch,
  web_search_2025_08_26: webSearch,
  web_search_preview: { required: [], optional: preview },
  web_search_preview_2025_03_11: { required: [], optional: preview },
  file_search: {
    required: ['vector_store_ids'],
    optional: ['filters', 'max_num_results', 'ranking_options'],
  },
  computer: { required: [], optional: [] },
  computer_use_preview: { required: ['display_height', 'display_width', 'environment'], optional: [] },
  code_interpreter: { required: ['container'], optional: ['allowed_callers'] },
  image_generation: {
    required: [],
    optional: [
      ...['action', 'background', 'complexity', 'frame_count', 'frame_duration_ms', 'input_fidelity'],
      ...['input_image_mask', 'model', 'moderation', 'output_compression', 'output_format'],
      ...['partial_images', 'quality', 'size', 'svg'],
    ],
  },
  mcp: {
    required: ['server_label'],
    optional: [
      ...['allowed_callers', 'allowed_tools', 'authorization', 'connector_id', 'defer_loading'],
      ...['headers', 'require_approval', 'server_description', 'server_url', 'tunnel_id'],
    ],
  },
  local_shell: { required: [], optional: [] },
  shell: { required: [], optional: ['allowed_callers', 'environment'] },
  apply_patch: { required: [], optional: ['allowed_callers'] },
};

/** The tool types that a namespace may contain. */
export const namespacedTools: readonly string[] = ['function', 'custom'];
