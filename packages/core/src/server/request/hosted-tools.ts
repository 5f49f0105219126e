import type { JsonObject } from '../../wire/json.ts';
import type { HostedToolParameters } from '../options/proxy-options.ts';

/** The hosted tools of one create: what the server configures for its principal. */
export interface HostedTools {
  /** The parameters of a tool; undefined for one that is not offered to this principal. */
  parametersOf(name: string): Promise<JsonObject | undefined>;
  /** The parameters given so far: they hold ids and credentials that an error must not show. */
  readonly given: readonly JsonObject[];
}

/** Each tool is configured once for a create, however often it is named: the site may have to ask a database. */
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
