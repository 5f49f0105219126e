import type { JsonObject } from '../../wire/json.ts';
import type { IdNames } from '../ids/id-names.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** What the client may see of an exchange: ids by their names, no secrets. */
export interface Rewriting {
  readonly names: IdNames;
  readonly secrets: KnownSecrets;
}

/** What was rewritten as it goes to the client: whatever it is and wherever it stands, no key leaves. */
export async function written(shown: Promise<JsonObject>, { secrets }: Rewriting): Promise<string> {
  return secrets.seal(JSON.stringify(await shown));
}
