import type { ScriptRequest } from '@longhaul/core/testing';

/** A call of this turn that has an output. */
export interface AnsweredCall {
  readonly name: string;
  readonly output: string;
  /** The output as JSON, or undefined where it is text, as a tool's error is. */
  readonly json: unknown;
}

/** What the simulated model knows when it is asked: the last user message, and what happened since. */
export interface Turn {
  readonly task: string;
  /** Responses since that message: 0 at the first. */
  readonly step: number;
  readonly calls: readonly AnsweredCall[];
  /** The outputs of one tool, oldest first. */
  outputs(name: string): readonly AnsweredCall[];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the conversation, which may have several turns: only what came after the last user message counts. */
export function readTurn({ items, outputs, userText }: ScriptRequest): Turn {
  const since = items.slice(items.findLastIndex((item) => item['role'] === 'user') + 1);
  const calls = since
    .filter((item) => item.type === 'function_call')
    .map((item): AnsweredCall => {
      const output = outputs[String(item['call_id'])];
      const text = typeof output === 'string' ? output : JSON.stringify(output ?? '');
      return { name: String(item['name']), output: text, json: jsonOf(text) };
    });
  // A response with several calls is one step: what separates steps are the outputs between them.
  const step = since.filter(
    (item, index) => item.type === 'function_call' && since[index - 1]?.type !== 'function_call',
  ).length;
  return { task: userText, step, calls, outputs: (name) => calls.filter((call) => call.name === name) };
}
