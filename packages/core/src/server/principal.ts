/** Who asks: an id of your own (a user, an account, a session), or an object that has one. */
export type Principal = string | { readonly id: string };

/**
 * The principal of everyone, for a proxy that asks no visitor who they are. All then share one identity: their limits
 * are one pool, and everyone who learns a response id can read that response.
 *
 * @example
 * createProxy({ authorize: anonymous, … });
 */
export const anonymous = (): string => 'anonymous';

/** Lone surrogates all become the same bytes: two principals could then share an identity. */
function isIdentity(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

/** The id of a principal; undefined for what is none, which has to be refused. */
export function principalId(principal: unknown): string | undefined {
  if (typeof principal === 'object' && principal !== null && 'id' in principal) principal = principal.id;
  return isIdentity(principal) ? principal : undefined;
}
