import type { ScriptRequest } from '@longhaul/core/testing';

/** A call of this turn, with its output. */
export interface AnsweredCall {
  readonly name: string;
  /** The arguments as the model wrote them. */
  readonly arguments: string;
  readonly output: string;
  /** The output as JSON, or undefined if it is text, such as a tool error. */
  readonly json: unknown;
}

/** The input of the simulated model: the last user message, and the calls since then. */
export interface Turn {
  readonly task: string;
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

/** Reads the conversation. Only the items after the last user message belong to the current turn. */
export function readTurn({ items, outputs, userText }: ScriptRequest): Turn {
  const since = items.slice(items.findLastIndex((item) => item['role'] === 'user') + 1);
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
    task: userText,
    step: steps.length,
    calls,
    failed: (steps.at(-1) ?? []).filter((call) => isFailed(call) && !repeated.includes(call)),
    outputs: (name) => calls.filter((call) => call.name === name),
  };
}
