import { Refusal } from '../refusal.ts';
import type { Reference } from './find-references.ts';
import type { ReferenceKind } from './reference.ts';

type Judge = (kind: ReferenceKind, id: string) => boolean | Promise<boolean>;

/** Each may cost the site a query: a body has room for a hundred thousand. */
const mostReferences = 100;

function notAllowed(param: string): Refusal {
  const message = `'${param}' refers to something that this server does not let you use.`;
  return new Refusal(400, 'reference_not_allowed', message, { param });
}

/** Passes when the site vouches for each reference. One message for all: it does not tell what exists. */
export async function authorizeReferences(references: readonly Reference[], judge: Judge): Promise<void> {
  const vouched = new Set<string>();
  for (const { kind, id, param } of references) {
    // Response ids have one place, where their signature is verified.
    if (id === undefined || kind === 'response') throw notAllowed(param);
    const name = `${kind}:${id}`;
    if (vouched.has(name)) continue;
    if (vouched.size >= mostReferences) throw notAllowed(param);
    const verdict: unknown = await judge(kind, id);
    // Only `true` counts: a forgotten `return` must not open the door.
    if (verdict !== true) throw notAllowed(param);
    vouched.add(name);
  }
}
