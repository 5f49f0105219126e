import { isJsonObject } from '../wire/json.ts';
import { instanceOf } from './overhear.ts';
import type { ResponsesClient } from './responses-client.ts';

/** Whether a refused request is worth one more try: the client asks a function for its credentials each time. */
export function refreshesCredentials(client: ResponsesClient): boolean {
  if (client.refreshesCredentials !== undefined) return client.refreshesCredentials;
  // An `OpenAI` instance does not say, but keeps what it was made with.
  const options: unknown = Reflect.get(instanceOf(client), '_options');
  return (
    isJsonObject(options) && (typeof options['apiKey'] === 'function' || 'azureADTokenProvider' in options)
  );
}
