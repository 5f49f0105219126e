import { KnownSecrets } from '../answer/known-secrets.ts';
import type { Rewriting } from '../answer/rewriting.ts';
import { secretsOfBaseURL, secretsOfHeader, secretsOfTool } from '../answer/secrets-of.ts';
import type { IdNames } from '../ids/id-names.ts';
import type { Principal } from '../principal.ts';
import { hostedToolsFor } from '../request/hosted-tools.ts';
import type { Exchange, ProxyParts } from './exchange.ts';

/**
 * Returns the secrets of the tools that the server configures for a principal. If the parameters of a tool are a
 * function, this function calls it, because its result may appear in a text.
 */
async function secretsOfTools<P extends Principal>(
  { config }: ProxyParts<P>,
  { principal, report }: Exchange<P>,
): Promise<readonly string[]> {
  const hosted = hostedToolsFor(config.allow.hostedTools, principal);
  for (const name of config.allow.hostedTools.keys()) {
    try {
      await hosted.parametersOf(name);
    } catch (error) {
      report(error);
    }
  }
  return hosted.given.flatMap(secretsOfTool);
}

/**
 * Returns the rewriting for the answers of one exchange. `key` is the API key that was used; `further` contains secrets
 * of this request.
 */
export function rewritingOf<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  names: IdNames,
  key: string,
  further: Iterable<string> = [],
): Rewriting {
  const { baseURL, headers, secrets, allow } = parts.config;
  const configured = Object.values(headers).flatMap(secretsOfHeader);
  return {
    names,
    secrets: new KnownSecrets({
      values: [key, ...secrets, ...configured, ...secretsOfBaseURL(baseURL), ...further],
      always: [key, ...secrets],
      plain: allow.models,
      more: () => secretsOfTools(parts, exchange),
    }),
  };
}
