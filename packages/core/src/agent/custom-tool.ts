import { jsonCopy, type JsonObject } from '../wire/json.ts';
import { defined } from '../wire/defined.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { checkToolOptions } from './check-tool-options.ts';
import type { Serialized } from './serialized.ts';
import { toolKindFields, type ToolKindOptions } from './tool-kind.ts';
import type { ApprovalContext, Tool, ToolContext } from './tool.ts';

export interface CustomToolOptions<Name extends string, Result, Context> extends ToolKindOptions {
  readonly name: Name;
  readonly description?: string | undefined;
  /** The grammar or text format of the input, in the API's format. @default free text */
  readonly format?: JsonObject | undefined;
  execute?(input: string, context: ToolContext<Context>): Result | PromiseLike<Result>;
  readonly needsApproval?:
    | boolean
    | ((input: string, context: ApprovalContext<Context>) => boolean | PromiseLike<boolean>)
    | undefined;
  readonly approvalView?: ((input: string) => unknown) | undefined;
  readonly private?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly idempotent?: boolean | undefined;
}

/**
 * Defines a custom tool: the model writes free text (`custom_tool_call`) instead of JSON arguments. The other options
 * have the same meaning as those of `tool()`.
 */
export function customTool<const Name extends string, Result = unknown, Context = unknown>(
  options: CustomToolOptions<Name, Result, Context>,
): Tool<Name, string, Serialized<Awaited<Result>>, Context> {
  checkToolOptions(options, { format: 'any' });
  const { name, description, format, timeoutMs, needsApproval = false, approvalView } = options;
  return Object.freeze({
    type: 'custom' as const,
    name,
    definition: deepFreeze({
      type: 'custom',
      name,
      ...defined({ description, format: format && jsonCopy(format) }),
      ...toolKindFields(`tool ${JSON.stringify(name)}`, options),
    }),
    read: async (raw: string) => ({ ok: true as const, arguments: raw, value: raw }),
    timeoutMs,
    idempotent: options.idempotent ?? false,
    executable: options.execute !== undefined,
    private: options.private ?? false,
    // `read` above returns the input unchanged, which is text.
    execute: (input: unknown, context: ToolContext<Context>) => options.execute?.(String(input), context),
    needsApproval: (input: unknown, context: ApprovalContext<Context>) =>
      typeof needsApproval === 'function' ? needsApproval(String(input), context) : needsApproval,
    approvalView: approvalView && ((input: unknown) => approvalView(String(input))),
  });
}
