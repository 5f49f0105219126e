import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe } from '../errors/must-be.ts';
import type { JsonObject } from '../wire/json.ts';

/** Who may call a tool: the model itself, or a program that it writes (`programmatic_tool_calling`). */
export type AllowedCaller = 'direct' | 'programmatic';

/** Options that functions and custom tools share with the API (openai 7.59, `FunctionTool`, `CustomTool`). */
export interface ToolKindOptions {
  /**
   * Whether the model sees the tool only once it has searched for it: for agents with many tools, beside
   * `{ type: 'tool_search' }`. @default false
   */
  readonly deferLoading?: boolean | undefined;
  /** Who may call it; `programmatic` needs `{ type: 'programmatic_tool_calling' }` among the tools. @default the model alone */
  readonly allowedCallers?: readonly AllowedCaller[] | undefined;
}

const callers: readonly unknown[] = ['direct', 'programmatic'];

/** The fields of a definition that these options stand for. */
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
 * Refuses `async` by its name: the API would take an output later, and a run answers every call in the next create (I5).
 *
 * @throws ConfigurationError
 */
export function refuseAsync(owner: string, options: object, option = 'async'): void {
  if (!('async' in options)) return;
  const why = 'a run answers every call in the next create. Leave it out';
  throw new ConfigurationError(`${owner}: \`${option}\` is refused: ${why}.`, { option });
}
