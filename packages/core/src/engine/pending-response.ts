import { fieldsOf, textOf } from '../wire/json.ts';

/**
 * The id of the response that a run waits for, or that it cancels. Undefined if there is none. A head of a store may be
 * of any version or damaged, so its fields are not trusted.
 */
export function pendingResponseId({ phase }: { readonly phase?: unknown }): string | undefined {
  const { type, pending } = fieldsOf(phase);
  if (type !== 'waiting' && type !== 'cancelling') return undefined;
  return textOf(fieldsOf(pending)['responseId']);
}
