import { longestOutput, type CallOutputItem, type ToolOutput } from '../wire/items.ts';
import { defined } from '../wire/defined.ts';
import { failureText } from './decision.ts';
import type { CallState } from './run-state.ts';
import { cut } from '../wire/cut.ts';
import { parseJson } from '../wire/parse-json.ts';
import type { ErrorView, SettledCallStatus } from './view/run-view.ts';

/**
 * The item that answers a call. For a call of a hosted MCP server, the item contains only the decision whether the tool
 * may run, and the reason.
 */
export function callOutput(
  { kind, callId, caller }: CallState,
  output: ToolOutput,
  approve: boolean,
  reason: string | undefined,
): CallOutputItem {
  if (kind === 'mcp_approval') {
    return {
      type: 'mcp_approval_response',
      approval_request_id: callId,
      approve,
      ...defined({ reason }),
    };
  }
  const type = kind === 'function' ? 'function_call_output' : 'custom_tool_call_output';
  // If a program made the call, the API assigns the output to that program by `caller`.
  return { type, call_id: callId, output, ...defined({ caller }) };
}

/** The result of a call. */
export interface Settlement {
  readonly status: SettledCallStatus;
  /** The text or content that is sent to the model. */
  readonly output?: ToolOutput;
  /** Whether `output` is the JSON text of the tool's result. */
  readonly json?: boolean;
  readonly error?: ErrorView;
}

/** An error as the JSON output of a function with `output_schema`, in the format of openai-agents-python (3932). */
export function errorJson(message: string): string {
  const text = message.toWellFormed();
  const json = JSON.stringify({ error: text });
  if (json.length <= longestOutput) return json;
  // JSON writes a character with at most six characters.
  return JSON.stringify({ error: cut(text, longestOutput / 8) });
}

function failedSettlement(message: string): Settlement {
  return { status: 'failed', output: errorJson(message), error: { code: 'failed', message } };
}

/**
 * Converts the result of a call whose function declares `output_schema`, so that the output is always JSON. A text that
 * is a JSON object or list stays unchanged. Any other text becomes a JSON string. Content parts become an error.
 */
export function asJson(settlement: Settlement, name: string): Settlement {
  const { status, output, json, error } = settlement;
  if (output === undefined || (status === 'completed' && json === true)) return settlement;
  const problem = `The tool "${name}" declares an output schema, so its output must be JSON`;
  if (typeof output !== 'string') {
    const types = output.map(({ type }) => type).join(', ');
    return failedSettlement(`${problem}: return data, not content parts (${types}).`);
  }
  if (status !== 'completed') {
    const message = error !== undefined && output === failureText(error) ? error.message : output;
    return { ...settlement, output: errorJson(message) };
  }
  const read = parseJson(output.trim() === '' ? '""' : output);
  if (typeof read === 'object' && read !== null) return settlement;
  const text = JSON.stringify(output.toWellFormed());
  if (text.length > longestOutput) {
    return failedSettlement(
      `${problem}. As JSON it has ${text.length} characters, but the API accepts at most ${longestOutput}.`,
    );
  }
  return { ...settlement, output: text, json: true };
}
