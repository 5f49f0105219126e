/** The fields of a request that the API knows, except those with only a number or a boolean. */
export const requestFields: readonly string[] =
  'access_programs background_options context_management conversation image include input instructions metadata model moderation previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier text tool_choice tools truncation user'.split(
    ' ',
  );

/**
 * The fields of tools, of objects in tools, and of tool choices that the API knows, except secrets and those with only
 * a number or a boolean. They share one list, so that browsers load less code. The project's checks compare both lists
 * with `openai`'s types.
 */
export const toolFields: readonly string[] =
  'type name server_label description format parameters output_schema allowed_callers tools mode vector_store_ids filters ranking_options ranker action background complexity input_fidelity input_image_mask file_id image_url model moderation output_format quality size svg reasoning effort allowed_tools tool_names connector_id require_approval always never server_description server_url tunnel_id execution environment container container_id file_ids memory_limit network_policy allowed_domains domain_secrets domain skills search_content_types search_context_size user_location city country region timezone return_token_budget'.split(
    ' ',
  );

/** The fields of tools with the user's own content: schemas, conditions, grammars, skills. */
export const ownFields: readonly string[] = ['parameters', 'output_schema', 'filters', 'format', 'skills'];
