import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { expectTypeOf, test } from 'vitest';
import type { idRequired } from './replay-items.ts';

/** The types of input items that must have an id. */
type NeedsId<Item> = Item extends { readonly type: infer Type; readonly id: string } ? Type : never;

test('the items that keep their id are those whose input type in `openai` requires one', () => {
  // A message has a short form without an id.
  expectTypeOf<Exclude<NeedsId<ResponseInputItem>, 'message'>>().toEqualTypeOf<(typeof idRequired)[number]>();
});
