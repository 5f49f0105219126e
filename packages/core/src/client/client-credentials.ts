import { fieldsOf, isJsonObject } from '../wire/json.ts';
import { searchableSecrets, secretsByName, type SecretChoice } from '../wire/secret-values.ts';
import { secretsOfUrl } from '../wire/secret-url.ts';
import { instanceOf } from './intercept.ts';
import type { ResponsesClient } from './responses-client.ts';

/** The fields of an `openai` client that contain credentials. A key that a function returns is stored there, too. */
const keyFields = ['apiKey', 'adminAPIKey', 'webhookSecret'];

/** The secrets in headers or a query, in all forms that `openai` accepts. In a list, the first entry is the name. */
function secretsIn(value: unknown, name: string, choice: SecretChoice): readonly string[] {
  if (typeof value === 'string') return choice(name, [value]);
  const parts = value instanceof Headers ? [...value] : Object.entries(value ?? {});
  const own = Array.isArray(value) ? `${name}.${String(value[0])}` : name;
  return parts.flatMap(([field, part]) => secretsIn(part, `${own}.${field}`, choice));
}

/** The secrets in the default headers and query of an `openai` client. Gateways use their own headers for keys. */
function optionSecrets(options: unknown): readonly string[] {
  const { defaultHeaders, defaultQuery } = fieldsOf(options);
  return [...secretsIn(defaultHeaders, '', searchableSecrets), ...secretsIn(defaultQuery, '', secretsByName)];
}

/** The known credentials of a client: its own `secrets()`, and the fields of an `openai` client. */
export function clientSecrets(client: ResponsesClient): readonly string[] {
  const fields: { readonly [name: string]: unknown } = fieldsOf(instanceOf(client));
  const keys = keyFields.flatMap((name) => (typeof fields[name] === 'string' ? [fields[name]] : []));
  const { baseURL, _options: options } = fields;
  return [
    ...keys,
    ...optionSecrets(options),
    ...(client.secrets?.() ?? []),
    ...(typeof baseURL === 'string' ? secretsOfUrl(baseURL, secretsByName) : []),
  ];
}

/** Whether the client calls a function for its credentials each time. A refused request may then be sent once more. */
export function refreshesCredentials(client: ResponsesClient): boolean {
  if (client.refreshesCredentials !== undefined) return client.refreshesCredentials;
  // An `OpenAI` instance has no such field, but keeps the options of its constructor.
  const options: unknown = Reflect.get(instanceOf(client), '_options');
  return (
    isJsonObject(options) && (typeof options['apiKey'] === 'function' || 'azureADTokenProvider' in options)
  );
}
