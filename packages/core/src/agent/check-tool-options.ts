import { ConfigurationError } from '../errors/configuration-error.ts';

const validName = /^[a-zA-Z0-9_-]{1,64}$/;

/** Refuses at definition what would otherwise fail in the middle of a run. */
export function checkToolOptions(options: {
  readonly name: string;
  readonly execute?: unknown;
  readonly needsApproval?: unknown;
  readonly timeoutMs?: number;
}): void {
  const { name, execute, needsApproval, timeoutMs } = options;
  if (typeof name !== 'string' || !validName.test(name)) {
    throw new ConfigurationError(
      `tool: the API refuses the name ${JSON.stringify(name)}; use 1 to 64 letters, digits, "_" or "-".`,
      { option: 'name' },
    );
  }
  if (execute !== undefined && typeof execute !== 'function') {
    throw new ConfigurationError(`tool "${name}": execute must be a function.`, { option: 'execute' });
  }
  if (
    needsApproval !== undefined &&
    typeof needsApproval !== 'boolean' &&
    typeof needsApproval !== 'function'
  ) {
    throw new ConfigurationError(`tool "${name}": needsApproval must be a boolean or a function.`, {
      option: 'needsApproval',
    });
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new ConfigurationError(`tool "${name}": timeoutMs must be a positive number of milliseconds.`, {
      option: 'timeoutMs',
    });
  }
}
