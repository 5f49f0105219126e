import { readFileSync } from 'node:fs';
import { fieldsOf } from '../wire/json.ts';

const unknown = '0.0.0';

let known: string | undefined;

/**
 * The version of this package. `0.0.0` if a bundler has separated the code from its package.json. The file is read once,
 * because a worker needs the version for each run that it takes.
 */
export function libraryVersion(): string {
  known ??= readVersion();
  return known;
}

function readVersion(): string {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { name, version } = fieldsOf(JSON.parse(text));
    return name === '@longhaul/core' && typeof version === 'string' ? version : unknown;
  } catch {
    return unknown;
  }
}
