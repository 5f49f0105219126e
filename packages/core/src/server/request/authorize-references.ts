import { Refusal } from '../refusal.ts';
import type { Reference } from './find-references.ts';
import type { ReferenceKind } from './reference.ts';

type Judge = (kind: ReferenceKind, id: string) => boolean | Promise<boolean>;

/** Each may cost the site a query: a body has room for a hundred thousand. */
const mostReferences = 100;

/** Passes when the site vouches for each reference. One message for all: it does not tell what exists. */
export async function authorizeReferences(references: readonly Reference[], judge: Judge): Promise<void> {
  const vouched = new Set<string>();
  for (const { kind, id, param } of references) {
    const refusal = new Refusal(
      400,
      'reference_not_allowed',
      `'${param}' refers to something that this server does not let you use.`,
      { param },
    );
    // Response ids have one place, where their signature is verified.
    if (id === undefined || kind === 'response' || vouched.size >= mostReferences) throw refusal;
    const name = `${kind}:${id}`;
    if (vouched.has(name)) continue;
    const verdict: unknown = await judge(kind, id);
    // Only `true` counts: a forgotten `return` must not open the door.
    if (verdict !== true) throw refusal;
    vouched.add(name);
  }
}
