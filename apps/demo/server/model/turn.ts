import type { ScriptRequest } from '@longhaul/core/testing';

type Item = ScriptRequest['items'][number];

/** A call of this turn, with its output. */
export interface AnsweredCall {
  readonly name: string;
  /** The arguments as the model wrote them. */
  readonly arguments: string;
  readonly output: string;
  /** The output as JSON, or undefined if it is text, such as a tool error. */
  readonly json: unknown;
}

/** A question of the conversation before this turn, and the answer to it. */
interface EarlierTurn {
  readonly question: string;
  readonly answer: string;
}

/** The input of the simulated model: the question of this turn, and the calls since then. */
export interface Turn {
  readonly task: string;
  /** The number of images and files of the question. */
  readonly files: number;
  /** The messages that the person has added while the model worked on this question. */
  readonly steered: readonly string[];
  /** The turns before this one, oldest first. */
  readonly earlier: readonly EarlierTurn[];
  /**
   * The number of responses with tool calls since that message. A response that only repeats failed calls of the
   * previous step does not count.
   */
  readonly step: number;
  /** The calls of these steps. A failed call that was repeated is included once, with its last output. */
  readonly calls: readonly AnsweredCall[];
  /** Calls of the last step whose output is not JSON, and that have not been repeated. */
  readonly failed: readonly AnsweredCall[];
  /** The outputs of one tool, oldest first. */
  outputs(name: string): readonly AnsweredCall[];
}

function isFailed({ json }: AnsweredCall): boolean {
  return json === undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSameCall(a: AnsweredCall, b: AnsweredCall): boolean {
  return a.name === b.name && a.arguments === b.arguments;
}

function isUser(item: Item | undefined): boolean {
  return item?.['role'] === 'user';
}

/** Whether an item belongs to a response with calls, or answers one of its calls. */
function isCall(item: Item | undefined): boolean {
  return item?.type === 'function_call' || item?.type === 'function_call_output';
}

function contentOf({ content }: Item): readonly unknown[] {
  return Array.isArray(content) ? content : [content];
}

function textOf(item: Item): string {
  return contentOf(item)
    .map((part) => {
      if (typeof part === 'string') return part;
      const text = typeof part === 'object' && part !== null && 'text' in part ? part.text : '';
      return typeof text === 'string' ? text : '';
    })
    .join('');
}

function textOfAll(items: readonly Item[]): string {
  return items
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
}

function filesIn(items: readonly Item[]): number {
  const types = items
    .flatMap(contentOf)
    .map((part) => (typeof part === 'object' && part !== null && 'type' in part ? part.type : undefined));
  return types.filter((type) => type === 'input_image' || type === 'input_file').length;
}

interface Message {
  /** The index of the first item, and of the item after the last one. A message with files has several items. */
  readonly from: number;
  readonly to: number;
  /** Whether the person has sent the message while the model worked: it follows the outputs of calls. */
  readonly isSteered: boolean;
}

/** The messages of the person, oldest first. */
function messagesOf(items: readonly Item[]): readonly Message[] {
  const messages: Message[] = [];
  for (const [index, item] of items.entries()) {
    if (!isUser(item) || isUser(items[index - 1])) continue;
    const end = items.findIndex((one, at) => at > index && !isUser(one));
    messages.push({
      from: index,
      to: end === -1 ? items.length : end,
      isSteered: messages.length > 0 && isCall(items[index - 1]),
    });
  }
  return messages;
}

/** Reads the conversation. Only the items after the question of the current turn belong to it. */
export function readTurn({ items, outputs }: ScriptRequest): Turn {
  const messages = messagesOf(items);
  const asked = messages.findLastIndex(({ isSteered }) => !isSteered);
  const message = messages[asked] ?? { from: 0, to: 0 };
  const question = items.slice(message.from, message.to);
  const since = items.slice(message.to);
  const earlier = messages.slice(0, asked).flatMap(({ from, to, isSteered }, index) =>
    isSteered
      ? []
      : {
          question: textOfAll(items.slice(from, to)),
          answer: textOfAll(
            items.slice(to, messages[index + 1]?.from).filter((item) => item['role'] === 'assistant'),
          ),
        },
  );
  const steps: AnsweredCall[][] = [];
  let repeated: readonly AnsweredCall[] = [];
  // A response with several calls is one step. Any other item between two calls separates the steps.
  let response: AnsweredCall[] = [];
  const endResponse = (): void => {
    if (response.length === 0) return;
    const before = steps.at(-1) ?? [];
    const repeats = response.every((call) =>
      before.some((other) => isSameCall(call, other) && isFailed(other)),
    );
    if (repeats) {
      repeated = response;
      steps.pop();
      steps.push(before.map((call) => response.find((other) => isSameCall(call, other)) ?? call));
    } else {
      repeated = [];
      steps.push(response);
    }
    response = [];
  };
  for (const item of since) {
    if (item.type !== 'function_call') {
      endResponse();
      continue;
    }
    const output = outputs[String(item['call_id'])];
    const text = typeof output === 'string' ? output : JSON.stringify(output ?? '');
    response.push({
      name: String(item['name']),
      arguments: String(item['arguments']),
      output: text,
      json: jsonOf(text),
    });
  }
  endResponse();
  const calls = steps.flat();
  return {
    task: textOfAll(question),
    files: filesIn(question),
    steered: messages.slice(asked + 1).map(({ from, to }) => textOfAll(items.slice(from, to))),
    earlier,
    step: steps.length,
    calls,
    failed: (steps.at(-1) ?? []).filter((call) => isFailed(call) && !repeated.includes(call)),
    outputs: (name) => calls.filter((call) => call.name === name),
  };
}
