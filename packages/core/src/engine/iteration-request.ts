import type { CreateBody } from '../wire/create-body.ts';

/**
 * One request of one kind. A create has no field for a response to retrieve, and a retrieve has no field for input, so
 * nothing can leak from one iteration into the next (I1).
 */
export type IterationRequest =
  | { readonly kind: 'create'; readonly body: CreateBody }
  | {
      readonly kind: 'retrieve';
      readonly responseId: string;
      readonly stream: boolean;
      /** The stream continues after this sequence number. */
      readonly startingAfter?: number;
    }
  | { readonly kind: 'cancel'; readonly responseId: string };
