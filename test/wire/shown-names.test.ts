import { expect, test } from 'vitest';
import { requestFields, toolFields } from '../../packages/core/src/wire/known-fields.ts';
import { differences, type Excused } from './compare-names.ts';
import { clientFields } from './emulator-omissions.ts';
import { openaiTypes } from './openai-types.ts';

const types = openaiTypes();
const who = 'the redaction of requests';

/** Fields that are always shown, because their values are short numbers or booleans. */
const plain = (names: string): Excused =>
  Object.fromEntries(names.split(' ').map((name) => [name, 'a number or a boolean']));

const secret: Excused = {
  authorization: 'a secret',
  headers: 'their values are secrets',
  value: 'the secret of a domain',
};

/** Fields with the user's own content, which is shown unchanged. */
const own: Excused = {
  data: 'a skill',
  media_type: 'a skill',
  path: 'a skill',
  skill_id: 'a skill',
  source: 'a skill',
  version: 'a skill',
};

/** The interfaces of the objects in tools. Those for filters and formats are in another file of `openai`. */
const objects = [
  ...['ContainerAuto', 'ContainerNetworkPolicyAllowlist', 'ContainerNetworkPolicyDisabled'],
  ...['ContainerNetworkPolicyDomainSecret', 'ContainerReference', 'LocalEnvironment', 'LocalSkill'],
  ...['FileSearchTool.RankingOptions', 'FileSearchTool.RankingOptions.HybridSearch'],
  ...['InlineSkill', 'InlineSkillSource', 'SkillReference'],
  ...['Tool.CodeInterpreter.CodeInterpreterToolAuto', 'Tool.ImageGeneration.InputImageMask'],
  ...['Tool.ImageGeneration.Svg', 'Tool.ImageGeneration.Svg.Reasoning'],
  ...['Tool.Mcp.McpToolApprovalFilter', 'Tool.Mcp.McpToolApprovalFilter.Always'],
  ...['Tool.Mcp.McpToolApprovalFilter.Never', 'Tool.Mcp.McpToolFilter'],
  ...['WebSearchPreviewTool.UserLocation', 'WebSearchTool.Filters', 'WebSearchTool.UserLocation'],
  ...['ToolChoiceAllowed', 'ToolChoiceFunction', 'ToolChoiceMcp'],
];

test("the redaction of requests knows the fields of a request in openai's types, and no others", () => {
  const api = types.fieldsOf('ResponseCreateParamsBase');
  const excused = {
    ...plain('background max_output_tokens max_tool_calls parallel_tool_calls store stream stream_options'),
    ...plain('temperature top_logprobs top_p'),
  };
  expect(differences({ who, what: 'request field', api, known: requestFields, excused })).toEqual([]);
  expect(requestFields.filter((field) => !api.includes(field) && !(field in clientFields))).toEqual([]);
});

test("the redaction of requests knows the fields of a tool in openai's types, and no others", () => {
  const tools = types.variantsOf('Tool').flatMap(({ fields }) => fields);
  const api = [...tools, ...objects.flatMap((name) => types.fieldsOf(name))];
  const excused = {
    ...plain('async defer_loading strict read_only external_web_access hybrid_search'),
    ...plain('display_height display_width embedding_weight text_weight score_threshold max_num_results'),
    ...plain('frame_count frame_duration_ms output_compression partial_images'),
    ...secret,
    ...own,
  };
  expect(differences({ who, what: 'field of a tool', api, known: toolFields, excused })).toEqual([]);
  // The API echoes this field, but the types do not have it yet.
  const more = ['return_token_budget'];
  expect(toolFields.filter((field) => !api.includes(field) && !more.includes(field))).toEqual([]);
});
