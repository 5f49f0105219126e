import { expectTypeOf, test } from 'vitest';
import type { Shape } from './state-shape.ts';

interface Before {
  readonly name: string;
  readonly since: number;
  readonly pause: { readonly until: number | null } | null;
}

test('a number that the state gains, loses, or may lack, must be so in the shape', () => {
  expectTypeOf<{ since: 0; pause: [{ until: 1 }] }>().toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0; pause: 3 }>().toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0 }>().not.toExtend<Shape<Before>>();
  expectTypeOf<{ since: 1; pause: 3 }>().not.toExtend<Shape<Before>>();
  expectTypeOf<{ since: 0; pause: 3 }>().not.toExtend<Shape<Before & { readonly tries: number }>>();
});
