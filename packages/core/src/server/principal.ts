/** The caller: an id of your own (a user, an account, a session), or an object with one. */
export type Principal = string | { readonly id: string };

/**
 * The principal for a proxy that does not identify its visitors. All visitors share one identity: they share the
 * limits, and a visitor who learns a response id can read and cancel that response.
 *
 * @example
 * createProxy({ authorize: anonymous, … });
 */
export const anonymous = (): string => 'anonymous';

/**
 * Whether a value is a valid id. Lone surrogates are invalid, because all of them encode to the same bytes and two
 * principals could share an identity.
 */
function isIdentity(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

/** Returns the id of a principal; undefined if it is invalid, so that the proxy has to refuse the request. */
export function principalId(principal: unknown): string | undefined {
  if (typeof principal === 'object' && principal !== null && 'id' in principal) principal = principal.id;
  return isIdentity(principal) ? principal : undefined;
}
