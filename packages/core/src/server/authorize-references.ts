import type { Reference } from './find-references.ts';
import type { ReferenceKind } from './reference.ts';
import { Refusal } from './refusal.ts';

type Judge = (kind: ReferenceKind, id: string) => boolean | Promise<boolean>;

/** Passes when the site vouches for each reference. One message for all: it does not tell what exists. */
export async function authorizeReferences(references: readonly Reference[], judge: Judge): Promise<void> {
  const vouched = new Set<string>();
  for (const { kind, id, param } of references) {
    const refusal = new Refusal(
      400,
      'reference_not_allowed',
      `'${param}' refers to what this server does not let you use.`,
      { param },
    );
    // Response ids have one place, where their signature is verified.
    if (id === undefined || kind === 'response') throw refusal;
    const name = `${kind}:${id}`;
    if (vouched.has(name)) continue;
    // Only `true` counts: a forgotten `return` must not open the door.
    if ((await judge(kind, id)) !== true) throw refusal;
    vouched.add(name);
  }
}
