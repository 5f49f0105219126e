import { isOptional, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { refuseAsync } from './tool-kind.ts';

/** The names of tools and namespaces that the API accepts. */
export const validToolName: RegExp = /^[a-zA-Z0-9_-]{1,64}$/;

interface CommonOptions {
  readonly name: string;
  readonly description?: unknown;
  readonly execute?: unknown;
  readonly needsApproval?: unknown;
  readonly approvalView?: unknown;
  readonly private?: unknown;
  readonly timeoutMs?: unknown;
  readonly idempotent?: unknown;
  readonly deferLoading?: unknown;
  readonly allowedCallers?: unknown;
}

/** Rejects invalid options, which would otherwise fail during a run. `own` has the options of one kind of tool. */
export function checkToolOptions(
  options: CommonOptions,
  own: { readonly [name: string]: 'any' | 'boolean' },
): void {
  const owner = `tool ${JSON.stringify(options?.name)}`;
  refuseAsync(owner, Object(options));
  mustBeOptions(options, owner, {
    name: 'string',
    description: 'string',
    execute: 'function',
    needsApproval: 'any',
    approvalView: 'function',
    private: 'boolean',
    timeoutMs: 'number',
    idempotent: 'boolean',
    deferLoading: 'boolean',
    allowedCallers: 'any',
    ...own,
  });
  const { name, needsApproval, approvalView } = options;
  const isName = validToolName.test(name ?? '');
  mustBe(isName, owner, 'name', '1 to 64 letters, digits, "_" or "-"');
  const isApproval = typeof needsApproval === 'boolean' || isOptional(needsApproval, 'function');
  mustBe(isApproval, owner, 'needsApproval', 'a boolean or a function');
  // A person cannot decide about a call without seeing anything of it.
  const isNeeded = options.private === true && Boolean(needsApproval);
  const fits = approvalView === undefined ? !isNeeded : needsApproval !== undefined;
  const rule = 'given for a private tool with `needsApproval`, and absent without `needsApproval`';
  mustBe(fits, owner, 'approvalView', rule);
}
