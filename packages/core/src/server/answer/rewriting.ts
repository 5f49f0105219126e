import type { JsonObject } from '../../wire/json.ts';
import type { IdNames } from '../ids/id-names.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** The rules for rewriting the answers of an exchange: ids become signed ids, and secrets are removed. */
export interface Rewriting {
  readonly names: IdNames;
  readonly secrets: KnownSecrets;
}

/** Serializes a rewritten answer, and removes keys from all of it. */
export async function written(shown: Promise<JsonObject>, { secrets }: Rewriting): Promise<string> {
  return secrets.seal(JSON.stringify(await shown));
}
