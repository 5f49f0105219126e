import { expectTypeOf, test } from 'vitest';
import type { Shape } from './state-shape.ts';

interface Before {
  readonly name: string;
  readonly since: number;
  readonly pause: { readonly until: number | null } | null;
}

test('the shape must match if a number is added to the state, removed from it, or made optional', () => {
  expectTypeOf<{ since: 0; pause: [{ until: 1 }] }>().toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0; pause: 3 }>().toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0 }>().not.toExtend<Shape<Before>>();
  expectTypeOf<{ since: 1; pause: 3 }>().not.toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0; pause: 3 }>().not.toExtend<Shape<Before & { readonly tries: number }>>();
});
