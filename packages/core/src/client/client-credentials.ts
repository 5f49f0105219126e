import { fieldsOf, isJsonObject } from '../wire/json.ts';
import { searchableSecrets, secretsByName, type SecretChoice } from '../wire/secret-values.ts';
import { secretsOfUrl } from '../wire/secret-url.ts';
import { instanceOf } from './intercept.ts';
import type { ResponsesClient } from './responses-client.ts';

/** Where the `openai` package's clients keep what they sign in with. A key that a function gives is kept there, too. */
const keyFields = ['apiKey', 'adminAPIKey', 'webhookSecret'];

/** The secrets in headers or a query, in each form in which `openai` takes them. In a list, the first entry is the name. */
function secretsIn(value: unknown, name: string, choice: SecretChoice): readonly string[] {
  if (typeof value === 'string') return choice(name, [value]);
  const parts = value instanceof Headers ? [...value] : Object.entries(value ?? {});
  const own = Array.isArray(value) ? `${name}.${String(value[0])}` : name;
  return parts.flatMap(([field, part]) => secretsIn(part, `${own}.${field}`, choice));
}

/** What an `openai` client sends with each request as its options say: gateways have keys in headers of their own. */
function optionSecrets(options: unknown): readonly string[] {
  const { defaultHeaders, defaultQuery } = fieldsOf(options);
  return [...secretsIn(defaultHeaders, '', searchableSecrets), ...secretsIn(defaultQuery, '', secretsByName)];
}

/** What a client signs in with, as far as it can be known: its own word, or the fields of an `openai` client. */
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

/** Whether a refused request is worth one more try: the client asks a function for its credentials each time. */
export function refreshesCredentials(client: ResponsesClient): boolean {
  if (client.refreshesCredentials !== undefined) return client.refreshesCredentials;
  // An `OpenAI` instance does not say, but keeps what it was made with.
  const options: unknown = Reflect.get(instanceOf(client), '_options');
  return (
    isJsonObject(options) && (typeof options['apiKey'] === 'function' || 'azureADTokenProvider' in options)
  );
}
