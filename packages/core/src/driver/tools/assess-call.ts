import type { Agent } from '../../agent/define-agent.ts';
import { calledKey, toolOf } from '../../agent/tool-of.ts';
import type { Tool } from '../../agent/tool.ts';
import type { Scrub } from '../../client/scrub.ts';
import { callIdOf, rawArguments } from '../../engine/calls.ts';
import type { Assessment } from '../../engine/engine-event.ts';
import { declaresOutput } from '../../engine/output-schema.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { defined } from '../../wire/defined.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { JsonValue } from '../../wire/json.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { resultJson } from '../../agent/result-json.ts';

/** A call with its validated arguments. Kept in memory only. */
export interface ReadCall {
  readonly tool: Tool;
  readonly value: unknown;
  readonly arguments: JsonValue;
}

/** The output item that contains a call. */
export function callItem(
  items: readonly StoredItem[],
  iteration: number,
  callId: string,
): OutputItem | undefined {
  let found: OutputItem | undefined;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type === 'iteration' && item.iteration < iteration) break;
    // A server may send the same call twice. The first one counts.
    if (item?.type === 'output' && item.iteration === iteration && callIdOf(item.item) === callId)
      found = item.item;
  }
  return found;
}

/**
 * Checks a call against the agent's tools: whether the tool exists, whether its schema accepts the arguments, and
 * whether a person must approve. The model's arguments may be hostile, so approval is only asked for after the schema
 * has validated them. `sent` are the tools that were sent to the model.
 */
export async function assessCall(
  agent: Agent,
  item: OutputItem | undefined,
  callId: string,
  { scrub, ...about }: { readonly runId: string; readonly context: unknown; readonly scrub?: Scrub },
  sent: readonly unknown[] = agent.spec.tools,
): Promise<{ readonly assessment: Assessment; readonly read?: ReadCall }> {
  const raw = item === undefined ? '' : rawArguments(item);
  const tool = toolOf(agent.tools, item);
  const jsonOutput = declaresOutput(sent, item) ? { jsonOutput: true } : {};
  const fail = (code: string, message: string, args?: JsonValue): { assessment: Assessment } => ({
    assessment: {
      callId,
      arguments: args,
      verdict: 'fail',
      error: { code, message },
      ...changedArguments(raw, item, args),
      ...jsonOutput,
    },
  });
  if (tool === undefined) {
    const known = [...agent.tools.keys()].join(', ');
    return fail(
      'unknown_tool',
      `There is no tool ${JSON.stringify(calledKey(item).slice(0, 128))}. The tools are: ${known === '' ? 'none' : known}.`,
      parseJson(raw),
    );
  }
  try {
    const result = await tool.read(raw);
    if (!result.ok) return fail('invalid_arguments', result.message, result.arguments);
    const { arguments: args, value } = result;
    const needsApproval = await tool.needsApproval(value, { callId, ...about });
    const approvalView = needsApproval ? await approvalViewOf(tool, value) : undefined;
    return {
      assessment: {
        callId,
        arguments: args,
        verdict: needsApproval ? 'ask' : 'run',
        idempotent: tool.idempotent,
        external: !tool.executable,
        ...changedArguments(raw, item, args),
        ...jsonOutput,
        ...defined({ approvalView }),
      },
      read: { tool, value, arguments: args },
    };
  } catch (error) {
    return fail(
      'failed',
      `The check whether the call needs approval failed: ${errorMessage(error, scrub)}`,
      parseJson(raw),
    );
  }
}

/** The value that the person who decides is shown. Throws if JSON cannot represent it. */
async function approvalViewOf({ approvalView }: Tool, value: unknown): Promise<JsonValue | undefined> {
  return approvalView && JSON.parse(resultJson(await approvalView(value), '`approvalView`'));
}

/** The arguments, if they differ from the JSON that the model wrote. Otherwise they are not saved a second time. */
function changedArguments(
  raw: string,
  item: OutputItem | undefined,
  args: JsonValue | undefined,
): { changedArguments?: JsonValue } {
  if (args === undefined || item?.type === 'custom_tool_call') return {};
  const written = parseJson(raw);
  return written !== undefined && JSON.stringify(written) === JSON.stringify(args)
    ? {}
    : { changedArguments: args };
}
