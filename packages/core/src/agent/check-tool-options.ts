import { isOptional, isOptionalPositive, mustBe, mustBeOptions } from '../errors/must-be.ts';

const validName = /^[a-zA-Z0-9_-]{1,64}$/;

interface CommonOptions {
  readonly name: string;
  readonly description?: unknown;
  readonly execute?: unknown;
  readonly needsApproval?: unknown;
  readonly timeoutMs?: number;
  readonly idempotent?: unknown;
  readonly strict?: unknown;
}

const common = ['name', 'description', 'execute', 'needsApproval', 'timeoutMs', 'idempotent'] as const;

/** Refuses at definition what would otherwise fail in the middle of a run. `own`: the options of this kind of tool alone. */
export function checkToolOptions<Options extends CommonOptions>(
  options: Options,
  ...own: readonly (keyof Options & string)[]
): void {
  mustBeOptions(options, 'tool', [...common, ...own]);
  const { name, execute, needsApproval, timeoutMs } = options;
  const owner = `tool ${JSON.stringify(name)}`;
  const isName = typeof name === 'string' && validName.test(name);
  mustBe(isName, owner, 'name', '1 to 64 letters, digits, "_" or "-": the API refuses others');
  mustBe(isOptional(execute, 'function'), owner, 'execute', 'a function');
  const asks = typeof needsApproval === 'boolean' || isOptional(needsApproval, 'function');
  mustBe(asks, owner, 'needsApproval', 'a boolean or a function');
  mustBe(isOptional(options.description, 'string'), owner, 'description', 'a string');
  mustBe(isOptional(options.idempotent, 'boolean'), owner, 'idempotent', 'a boolean');
  mustBe(isOptional(options.strict, 'boolean'), owner, 'strict', 'a boolean');
  mustBe(isOptionalPositive(timeoutMs), owner, 'timeoutMs', 'a positive number of milliseconds');
}
