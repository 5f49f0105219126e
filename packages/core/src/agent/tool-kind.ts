import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe } from '../errors/must-be.ts';
import type { JsonObject } from '../wire/json.ts';

/** The caller of a tool: the model itself, or a program that it writes (`programmatic_tool_calling`). */
export type AllowedCaller = 'direct' | 'programmatic';

/** Options that functions and custom tools share with the API (openai 7.59, `FunctionTool`, `CustomTool`). */
export interface ToolKindOptions {
  /**
   * Whether the model sees the tool only after a tool search, for agents with many tools. The agent also needs `{ type:
   * 'tool_search' }`. @default false
   */
  readonly deferLoading?: boolean | undefined;
  /**
   * The allowed callers. `programmatic` needs `{ type: 'programmatic_tool_calling' }` among the agent's tools.
   * @default only the model
   */
  readonly allowedCallers?: readonly AllowedCaller[] | undefined;
}

const callers: readonly unknown[] = ['direct', 'programmatic'];

/** The fields of a tool's definition that these options set. */
export function toolKindFields(owner: string, { deferLoading, allowedCallers }: ToolKindOptions): JsonObject {
  if (allowedCallers !== undefined) {
    const isList =
      Array.isArray(allowedCallers) &&
      allowedCallers.length > 0 &&
      allowedCallers.every((caller) => callers.includes(caller));
    mustBe(isList, owner, 'allowedCallers', "a list of 'direct', 'programmatic' or both");
  }
  return {
    ...(deferLoading === true ? { defer_loading: true } : {}),
    ...(allowedCallers === undefined ? {} : { allowed_callers: [...allowedCallers] }),
  };
}

/**
 * Rejects the option `async`. With `async`, the API accepts the output of a call in a later create. A run sends the
 * outputs of all calls in the next create (I5).
 *
 * @throws ConfigurationError
 */
export function refuseAsync(owner: string, options: object, option = 'async'): void {
  if (!('async' in options)) return;
  const why = 'because a run answers every call in the next create. Remove it';
  throw new ConfigurationError(`${owner}: \`${option}\` is not supported, ${why}.`, { option });
}
