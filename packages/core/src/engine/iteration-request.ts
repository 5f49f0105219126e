import type { CreateBody } from '../wire/create-body.ts';

/**
 * One request, of one kind. A create has no field that could hold a response to retrieve, a retrieve none that could
 * hold input: what the shape cannot say cannot leak from one iteration into the next (I1).
 */
export type IterationRequest =
  | { readonly kind: 'create'; readonly body: CreateBody }
  | {
      readonly kind: 'retrieve';
      readonly responseId: string;
      readonly stream: boolean;
      /** Exclusive: the stream goes on after this sequence number. */
      readonly startingAfter?: number;
    }
  | { readonly kind: 'cancel'; readonly responseId: string };
