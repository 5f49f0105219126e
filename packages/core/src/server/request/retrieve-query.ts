import { Refusal } from '../refusal.ts';

type Check = (value: string) => boolean;

const isFlag: Check = (value) => value === 'true' || value === 'false';

/**
 * Reads the query of a retrieve and returns the parameters that may be sent to the API. Throws a `Refusal` for others.
 */
export function readRetrieveQuery(sent: URLSearchParams, allowedInclude: readonly string[]): URLSearchParams {
  const isIncluded: Check = (value) => allowedInclude.includes(value);
  const checks = new Map<string, Check>([
    ['stream', isFlag],
    ['include_obfuscation', isFlag],
    ['starting_after', (value) => /^\d{1,15}$/.test(value)],
    ['include', isIncluded],
    ['include[]', isIncluded],
  ]);
  const query = new URLSearchParams();
  for (const [name, value] of sent) {
    const isRepeated = query.has(name) && !name.startsWith('include');
    if (checks.get(name)?.(value) !== true || isRepeated) {
      throw new Refusal(
        400,
        'unsupported_parameter',
        `The query parameter '${name}' is not accepted by this server, or not with this value.`,
        { param: name },
      );
    }
    query.append(name, value);
  }
  return query;
}

/** Refuses a query on a create, a cancel or a delete, because it could switch the API to another mode (`?beta=true`). */
export function refuseQuery(sent: URLSearchParams): void {
  const [name] = sent.keys();
  if (name !== undefined)
    throw new Refusal(
      400,
      'unsupported_parameter',
      `The query parameter '${name}' is not accepted by this server.`,
      { param: name },
    );
}
