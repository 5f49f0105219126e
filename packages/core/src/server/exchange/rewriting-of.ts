import { KnownSecrets } from '../answer/known-secrets.ts';
import type { Rewriting } from '../answer/rewriting.ts';
import { secretsOfBaseURL, secretsOfHeader, secretsOfTool } from '../answer/secrets-of.ts';
import type { IdNames } from '../ids/id-names.ts';
import type { Principal } from '../principal.ts';
import { hostedToolsFor } from '../request/hosted-tools.ts';
import type { Exchange, ProxyParts } from './exchange.ts';

/** What the server configures for a principal: functions are asked where a text has to be cleaned of what they give. */
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

/** How the answers of one exchange are rewritten. `key` is the one that was used; `further` are secrets of this request. */
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
