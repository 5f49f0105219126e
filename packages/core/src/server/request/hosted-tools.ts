import type { JsonObject } from '../../wire/json.ts';
import type { HostedToolParameters } from '../options/proxy-options.ts';

/** The hosted tools that the server configures for the principal of one create. */
export interface HostedTools {
  /** Returns the parameters of a tool; undefined if it is not offered to this principal. */
  parametersOf(name: string): Promise<JsonObject | undefined>;
  /** The parameters returned so far. They contain ids and credentials that an error must not show. */
  readonly given: readonly JsonObject[];
}

/**
 * The returned object configures each tool once, even if it is named several times, because the site may have to query
 * a database.
 */
export function hostedToolsFor<P>(
  tools: ReadonlyMap<string, HostedToolParameters<P>>,
  principal: P,
): HostedTools {
  const asked = new Map<string, JsonObject | undefined>();
  const given: JsonObject[] = [];
  return {
    given,
    async parametersOf(name) {
      if (asked.has(name)) return asked.get(name);
      const configured = tools.get(name);
      const parameters = typeof configured === 'function' ? await configured(principal) : configured;
      asked.set(name, parameters);
      if (parameters !== undefined) given.push(parameters);
      return parameters;
    },
  };
}
