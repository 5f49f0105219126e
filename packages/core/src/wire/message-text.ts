import type { OutputItem } from './items.ts';
import { fieldsOf, isJsonObject, textOf } from './json.ts';

/** The agent that coordinates the others in a multi-agent response. Its messages are the response's answer. */
const rootAgent = '/root';

function partsOf(item: OutputItem, type: string, field: string): string {
  if (item.type !== 'message' || !Array.isArray(item['content'])) return '';
  let text = '';
  for (const part of item['content']) {
    if (isJsonObject(part) && part['type'] === type && typeof part[field] === 'string') text += part[field];
  }
  return text;
}

/** The name of the agent that produced an item; undefined for the root agent, and outside multi-agent responses. */
export function agentOf(item: OutputItem): string | undefined {
  const name = textOf(fieldsOf(item['agent'])['agent_name']);
  return name === rootAgent ? undefined : name;
}

/** Whether an item is a message before the answer or a call, such as “I will look”. */
export function isCommentary(item: OutputItem): boolean {
  return item.type === 'message' && agentOf(item) === undefined && item['phase'] === 'commentary';
}

/**
 * Whether an item is part of the answer: a message of the root agent, without `phase` or with `final_answer`. Models
 * that write commentary label their messages (openai-python 3859); others have no phases.
 */
export function isAnswer(item: OutputItem): boolean {
  const phase = item['phase'] ?? '';
  return item.type === 'message' && agentOf(item) === undefined && (phase === '' || phase === 'final_answer');
}

/** The text of one message of any phase. Some servers send a text in place of the parts. */
export function textOfMessage(item: OutputItem): string {
  const { content } = item;
  return item.type === 'message' && typeof content === 'string'
    ? content
    : partsOf(item, 'output_text', 'text');
}

/**
 * The answer of a response: the joined `output_text` parts of its answer messages. The API does not send the field
 * `output_text`; SDKs add it.
 */
export function messageText(output: readonly OutputItem[]): string {
  return output.filter(isAnswer).map(textOfMessage).join('');
}

/** The texts of agents other than the root, without commentary, by the agent's name; undefined if there are none. */
export function agentTexts(output: readonly OutputItem[]): Readonly<Record<string, string>> | undefined {
  const texts = new Map<string, string>();
  for (const item of output) {
    const agent = agentOf(item);
    const text = agent === undefined || item['phase'] === 'commentary' ? '' : textOfMessage(item);
    if (agent !== undefined && text !== '') texts.set(agent, (texts.get(agent) ?? '') + text);
  }
  return texts.size === 0 ? undefined : Object.fromEntries(texts);
}

/** The refusal of a response, or the empty string. A refusal in commentary counts only if there is no answer. */
export function refusalText(output: readonly OutputItem[]): string {
  const refusalOf = (items: readonly OutputItem[]): string =>
    items.map((item) => partsOf(item, 'refusal', 'refusal')).join('');
  const refusal = refusalOf(output.filter(isAnswer));
  return refusal === '' && messageText(output) === '' ? refusalOf(output.filter(isCommentary)) : refusal;
}
