import type { InputItem } from '../wire/items.ts';
import type { JsonObject } from '../wire/json.ts';

/**
 * The changes of `prepareRequest` to a request. The request itself is not saved, because it may contain the history.
 */
export interface RequestPatch {
  readonly set: JsonObject;
  readonly unset: readonly string[];
  /** Items added after the loop's own. They belong to the conversation from then on. */
  readonly append?: readonly InputItem[];
  /** The whole input, replaced for this iteration only. */
  readonly replace?: readonly InputItem[];
}
