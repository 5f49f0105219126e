import type { IdNames } from '../ids/id-names.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** What the client may see of an exchange: ids by their names, no secrets. */
export interface Rewriting {
  readonly names: IdNames;
  readonly secrets: KnownSecrets;
}
