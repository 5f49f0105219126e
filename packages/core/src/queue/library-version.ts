import { readFileSync } from 'node:fs';
import { fieldsOf } from '../wire/json.ts';

const unknown = '0.0.0';

/** The version of this package. `0.0.0` if a bundler has separated the code from its package.json. */
export function libraryVersion(): string {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { name, version } = fieldsOf(JSON.parse(text));
    return name === '@longhaul/core' && typeof version === 'string' ? version : unknown;
  } catch {
    return unknown;
  }
}
