import { mustBeOptions } from '../../errors/must-be.ts';
import { isJsonObject } from '../../wire/json.ts';
import type { ProxyCors } from './proxy-options.ts';
import { wrongOption } from './wrong-option.ts';

export function readCors(owner: string, cors: ProxyCors | undefined): ProxyCors | undefined {
  if (cors === undefined) return undefined;
  if (!isJsonObject(cors)) throw wrongOption(owner, 'cors', 'has to be an object with `origins`.');
  mustBeOptions(
    cors,
    owner,
    { origins: 'any', credentials: 'boolean', headers: 'any', maxAgeSeconds: 'amount' },
    'cors',
  );
  const { origins, headers = [] } = cors;
  const areNames = Array.isArray(headers) && headers.every((name) => typeof name === 'string');
  if (!areNames) throw wrongOption(owner, 'cors.headers', 'has to be a list of names.');
  if (typeof origins === 'function') return cors;
  if (!Array.isArray(origins))
    throw wrongOption(owner, 'cors.origins', 'has to be a list of origins, or a function that tests one.');
  for (const origin of origins) {
    if (origin === '*' && cors.credentials === true) {
      throw wrongOption(
        owner,
        'cors.origins',
        'must not be `*` with `credentials`, because any page could then act on behalf of its visitors.',
      );
    }
    // Origins are compared literally, so one with a path or a trailing slash would never match.
    if (origin !== '*' && URL.parse(origin)?.origin !== origin) {
      throw wrongOption(
        owner,
        'cors.origins',
        'has to contain origins as browsers send them, such as `https://app.example.com`.',
      );
    }
  }
  return cors;
}
