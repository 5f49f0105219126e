import { isOptional, mustBe, mustBeOptions } from '../errors/must-be.ts';

const validName = /^[a-zA-Z0-9_-]{1,64}$/;

interface CommonOptions {
  readonly name: string;
  readonly description?: unknown;
  readonly execute?: unknown;
  readonly needsApproval?: unknown;
  readonly timeoutMs?: unknown;
  readonly idempotent?: unknown;
}

/** Refuses at definition what would otherwise fail in the middle of a run. `own`: the options of this kind of tool alone. */
export function checkToolOptions(
  options: CommonOptions,
  own: { readonly [name: string]: 'any' | 'boolean' },
): void {
  const owner = `tool ${JSON.stringify(options?.name)}`;
  mustBeOptions(options, owner, {
    name: 'string',
    description: 'string',
    execute: 'function',
    needsApproval: 'any',
    timeoutMs: 'number',
    idempotent: 'boolean',
    ...own,
  });
  const { name, needsApproval } = options;
  const isName = validName.test(name ?? '');
  mustBe(isName, owner, 'name', '1 to 64 letters, digits, "_" or "-": the API refuses others');
  const asks = typeof needsApproval === 'boolean' || isOptional(needsApproval, 'function');
  mustBe(asks, owner, 'needsApproval', 'a boolean or a function');
}
