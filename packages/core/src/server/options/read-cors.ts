import { mustBeOptions } from '../../errors/must-be.ts';
import { isJsonObject } from '../../wire/json.ts';
import type { ProxyCors } from './proxy-options.ts';
import { owner, wrongOption } from './wrong-option.ts';

export function readCors(cors: ProxyCors | undefined): ProxyCors | undefined {
  if (cors === undefined) return undefined;
  if (!isJsonObject(cors)) throw wrongOption('cors', 'has to be an object with `origins`.');
  mustBeOptions(
    cors,
    owner,
    { origins: 'any', credentials: 'boolean', headers: 'any', maxAgeSeconds: 'amount' },
    'cors',
  );
  const { origins, headers = [] } = cors;
  const areNames = Array.isArray(headers) && headers.every((name) => typeof name === 'string');
  if (!areNames) throw wrongOption('cors.headers', 'has to be a list of names.');
  if (typeof origins === 'function') return cors;
  if (!Array.isArray(origins))
    throw wrongOption('cors.origins', 'has to be a list of origins, or a function that tests one.');
  for (const origin of origins) {
    if (origin === '*' && cors.credentials === true) {
      throw wrongOption(
        'cors.origins',
        'must not be `*` with `credentials`, because any page could then act on behalf of its visitors.',
      );
    }
    // Origins are compared literally, so one with a path or a trailing slash would never match.
    if (origin !== '*' && URL.parse(origin)?.origin !== origin) {
      throw wrongOption(
        'cors.origins',
        'has to contain origins as browsers send them, such as `https://app.example.com`.',
      );
    }
  }
  return cors;
}
