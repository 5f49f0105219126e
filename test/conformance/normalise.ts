import { isRecord, type Json, type JsonRecord } from './recordings.ts';

/** Until mid 2025 ids were two digits shorter. */
const id = /\b(resp|msg|rs|fc|mcp|mcpl|mcpr|ws|ctc)_[0-9a-f]{48,50}\b/g;

/** Fields that cannot be compared: times and random values. */
const blurred: { readonly [key: string]: Json } = {
  created_at: '<time>',
  completed_at: '<time>',
  encrypted_content: '<encrypted>',
  obfuscation: '<padding>',
};

function blur(key: string, value: Json): Json {
  const replacement = blurred[key];
  return replacement !== undefined && value !== null ? replacement : normalised(value);
}

/** Replaces the parts of a value that differ between runs: ids (by kind), times, encrypted content. */
export function normalised(value: Json): Json {
  if (typeof value === 'string') return value.replace(id, '$1_…');
  if (Array.isArray(value)) return value.map(normalised);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blur(key, inner)]));
}

/** Fields of the Response object that older recordings do not have. */
const newerFields: readonly string[] = [
  'access_programs',
  'background',
  'billing',
  'completed_at',
  'frequency_penalty',
  'max_tool_calls',
  'moderation',
  'presence_penalty',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'tool_usage',
  'top_logprobs',
];

/** Removes `output_schema` of function tools, added in summer 2026, if `theirs` is older. */
function toolsAsOldAs(ours: Json | undefined, theirs: Json | undefined): Json {
  if (!Array.isArray(ours)) return ours ?? null;
  return ours.map((tool, index) => {
    const like = Array.isArray(theirs) ? theirs[index] : undefined;
    if (!isRecord(tool) || (isRecord(like) && 'output_schema' in like)) return tool;
    const { output_schema: _newer, ...older } = tool;
    return older;
  });
}

/** Removes fields from `ours` that the API did not have when `theirs` was recorded. */
export function asOldAs(ours: JsonRecord, theirs: JsonRecord): JsonRecord {
  const aged = Object.fromEntries(
    Object.entries(ours).filter(([key]) => key in theirs || !newerFields.includes(key)),
  );
  const { text, tools } = theirs;
  const older = 'tools' in ours ? { ...aged, tools: toolsAsOldAs(ours['tools'], tools) } : aged;
  // `text.verbosity` was added in August 2025.
  return isRecord(text) && !('verbosity' in text) ? { ...older, text } : older;
}
