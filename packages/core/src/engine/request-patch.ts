import type { InputItem } from '../wire/items.ts';
import type { JsonObject } from '../wire/json.ts';

/** How `prepareRequest` changed a request, kept small: not the request itself, whose input may be the whole history. */
export interface RequestPatch {
  readonly set: JsonObject;
  readonly unset: readonly string[];
  /** Items added after the loop's own; they belong to the conversation from then on. */
  readonly append?: readonly InputItem[];
  /** The whole input rewritten, for this iteration only. */
  readonly replace?: readonly InputItem[];
}
