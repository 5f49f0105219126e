import type { ScriptRequest } from '@longhaul/core/testing';

/** A call of this turn that has an output. */
export interface AnsweredCall {
  readonly name: string;
  /** As the model wrote them. */
  readonly arguments: string;
  readonly output: string;
  /** The output as JSON, or undefined where it is text, as a tool's error is. */
  readonly json: unknown;
}

/** What the simulated model knows when it is asked: the last user message, and what happened since. */
export interface Turn {
  readonly task: string;
  /** Responses since that message that called tools, without those that only repeated calls: 0 at the first. */
  readonly step: number;
  /** Where a call was repeated, as it ended the last time. */
  readonly calls: readonly AnsweredCall[];
  /** Calls of the last step that gave no JSON, and have not been repeated. */
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

/** Reads the conversation, which may have several turns: only what came after the last user message counts. */
export function readTurn({ items, outputs, userText }: ScriptRequest): Turn {
  const since = items.slice(items.findLastIndex((item) => item['role'] === 'user') + 1);
  const steps: AnsweredCall[][] = [];
  let repeated: readonly AnsweredCall[] = [];
  // A response with several calls is one step: what separates steps are the outputs between them.
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
    task: userText,
    step: steps.length,
    calls,
    failed: (steps.at(-1) ?? []).filter((call) => isFailed(call) && !repeated.includes(call)),
    outputs: (name) => calls.filter((call) => call.name === name),
  };
}
