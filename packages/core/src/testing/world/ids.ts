import type { Random } from './random.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += random.bits(32).toString(16).padStart(8, '0');
  return text.slice(0, digits);
}

/** The 16 hex digits that all ids of one `previous_response_id` chain share. */
export function chainPrefix(random: Random): string {
  return hex(random, 16);
}

function timeDigits(at: number): string {
  return (Math.max(0, Math.floor(at / 1000)) >>> 0).toString(16).padStart(8, '0');
}

/**
 * An id in OpenAI's form: kind, chain prefix, a flag byte (`01` if never retrievable), the time in seconds, 24 hex
 * digits.
 */
export function objectId(
  random: Random,
  kind: string,
  chain: string,
  at: number,
  retrievable = true,
): string {
  return `${kind}_${chain}${retrievable ? '00' : '01'}${timeDigits(at)}${hex(random, 24)}`;
}

/** The id of a conversation, or of an item added to one: kind, the time in seconds, 24 hex digits, chain prefix. */
export function conversationObjectId(random: Random, kind: string, chain: string, at: number): string {
  return `${kind}_${timeDigits(at)}${hex(random, 24)}${chain}`;
}

export function callId(random: Random): string {
  let text = 'call_';
  while (text.length < 29) text += base62[random.bits(16) % 62] ?? '';
  return text;
}

export function requestId(random: Random): string {
  return `req_${hex(random, 32)}`;
}

const kinds: { readonly [type: string]: string } = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fc',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  web_search_call: 'ws',
  file_search_call: 'fs',
  code_interpreter_call: 'ci',
  image_generation_call: 'ig',
  computer_call: 'cu',
  shell_call: 'sh',
  shell_call_output: 'sho',
  local_shell_call: 'lsh',
  apply_patch_call: 'apc',
  tool_search_call: 'tsc',
  tool_search_output: 'tso',
  program: 'cm',
  program_output: 'cmo',
  compaction: 'cmp',
  mcp_call: 'mcp',
  mcp_list_tools: 'mcpl',
  mcp_approval_request: 'mcpr',
  mcp_approval_response: 'mcpa',
};

/** The prefix of the ids of an item type. */
export function kindOf(type: string): string {
  return kinds[type] ?? 'item';
}
