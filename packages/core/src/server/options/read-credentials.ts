import { proxyOwner, wrongOption } from './wrong-option.ts';

const shortestSecret = 32;

export function readSecrets(secret: unknown): readonly string[] {
  const secrets: unknown[] = Array.isArray(secret) ? secret : [secret];
  const fits = (one: unknown): one is string => typeof one === 'string' && one.length >= shortestSecret;
  if (secrets.length > 0 && secrets.every(fits)) return secrets;
  throw wrongOption(
    proxyOwner,
    'secret',
    `needs at least ${shortestSecret} random characters in each secret. \`openssl rand -hex 32\` generates one.`,
  );
}

// Keys often end with a newline by mistake. As a header value, such a key would fail each request and could appear in
// logs.
function isKey(key: unknown): key is string {
  return typeof key === 'string' && /^[\x21-\x7e]+$/.test(key);
}

export function readKey(apiKey: unknown): () => Promise<string> {
  if (isKey(apiKey)) return async () => apiKey;
  if (typeof apiKey !== 'function') {
    throw wrongOption(
      proxyOwner,
      'apiKey',
      'has to be a key (printable ASCII without spaces), or a function that returns one.',
    );
  }
  return async () => {
    const key: unknown = await apiKey();
    if (isKey(key)) return key;
    throw wrongOption(
      proxyOwner,
      'apiKey',
      'returned an invalid key: it has to be printable ASCII without spaces.',
    );
  };
}

export function readBaseURL(baseURL: string): URL {
  const url = URL.parse(baseURL);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw wrongOption(
      proxyOwner,
      'baseURL',
      'has to be an absolute http(s) URL. For OpenAI it ends with `/v1`.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongOption(proxyOwner, 'baseURL', 'must not contain credentials: use `apiKey` or `headers`.');
  }
  return url;
}

export function readHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    throw wrongOption(proxyOwner, 'headers', 'has a name or a value that cannot be sent as a header.');
  }
}
